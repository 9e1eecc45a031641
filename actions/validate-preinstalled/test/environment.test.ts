import { syncBuiltinESMExports } from 'node:module';
import vm from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
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

  it('is tried again where the time was over without work, as on a machine that sleeps', async () => {
    const asleep = Object.assign(new Error('asleep'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
    const tries = vi.spyOn(vm, 'runInNewContext').mockImplementationOnce(() => {
      throw asleep;
    });
    syncBuiltinESMExports();
    expect(await checkVariable('X', { matches: '^v' }, 'v12')).toMatchObject({ status: 'pass' });
    expect(tries).toHaveBeenCalledTimes(2);
    tries.mockRestore();
    syncBuiltinESMExports();
  });

  it('tells nothing of a secret', async () => {
    const finding = await checkVariable('X', { matches: '^y', secret: true }, 'top-secret');
    expect(JSON.stringify(finding)).not.toContain('top-secret');
  });
});
