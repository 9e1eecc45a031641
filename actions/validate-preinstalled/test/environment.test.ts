import { describe, expect, it } from 'vitest';
import { checkVariable } from '../src/environment.ts';

describe('env.matches', () => {
  it.each([
    ['^v\\d+', 'v12', 'pass'],
    ['^v\\d+', 'x', 'fail'],
    ['^(a+)+$', `${'a'.repeat(50)}b`, 'error'],
    ['^(a|a)*$', `${'a'.repeat(50)}b`, 'error'],
  ])('/%s/ with %s: %s', async (matches, value, status) => {
    expect(await checkVariable('X', { matches }, value)).toMatchObject({ status });
  });

  it('tells nothing of a secret', async () => {
    const finding = await checkVariable('X', { matches: '^y', secret: true }, 'top-secret');
    expect(JSON.stringify(finding)).not.toContain('top-secret');
  });
});
