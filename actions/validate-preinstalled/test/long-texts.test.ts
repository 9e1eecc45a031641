import { describe, expect, it } from 'vitest';
import { readToolOutput, toolNamed } from '@runner-actions/manifest';

// If a pattern is worse than linear, the test takes minutes and fails by its time limit.
describe('long untrusted texts', () => {
  it.each([
    ['dotnet', `${'1.1.1 ['.repeat(8_000)}${' '.repeat(8_000)}\nx`],
    ['mysql', `Ver ${'1.'.repeat(9_000)}1 Distrib`],
    ['ssh', 'OpenSSH'.repeat(300_000)],
  ])('reads a long output of %s in linear time', (tool, output) => {
    expect(readToolOutput(tool, toolNamed(tool), { code: 0, stdout: output, stderr: output })).toBeDefined();
  });
});
