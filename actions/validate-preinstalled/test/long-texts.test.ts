import { describe, expect, it } from 'vitest';
import { parsePackages } from '../src/kinds/package.ts';
import { probeOf, readVersion } from '../src/probes.ts';
import { parseRange } from '../src/version.ts';

// Each takes minutes where a pattern is worse than linear, and then fails by the test's limit.
describe('texts of strangers that are long', () => {
  it('reads a range of blanks', () => {
    expect(parseRange(`>=1${' '.repeat(600_000)}<`)).toBeUndefined();
  });

  it.each([
    ['dotnet', `${'1.1.1 ['.repeat(8_000)}${' '.repeat(8_000)}\nx`],
    ['mysql', `Ver ${'1.'.repeat(9_000)}1 Distrib`],
    ['ssh', 'OpenSSH'.repeat(300_000)],
  ])('finds no version in what %s prints', (tool, output) => {
    expect(readVersion(probeOf(tool), output)?.length ?? 0).toBeLessThan(output.length);
  });

  it('reads what a package provides', () => {
    const provides = `one (=${' '.repeat(600_000)}`;
    expect(parsePackages(`real\t1.0\tii \t${provides}\n`).has('one')).toBe(true);
  });
});
