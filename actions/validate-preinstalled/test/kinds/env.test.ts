import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import vm from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { checkKind } from './check-kind.ts';

const check = (spec: Record<string, unknown>, value: string | undefined) =>
  checkKind('env', { X: spec }, { X: value });

describe('env', () => {
  it.each([
    [{ set: true }, undefined, 'fail', 'unset'],
    [{ set: true }, '', 'fail', 'empty'],
    [{ equals: 'a' }, 'b', 'fail', 'b'],
    [{ equals: 'a', secret: true }, 'hidden', 'fail', 'a value'],
    [{ matches: '^h' }, 'hidden', 'pass', 'hidden'],
    [{ set: true }, 'forgotten', 'pass', 'set'],
    [{ is: 'directory' as const }, tmpdir(), 'pass', `${tmpdir()} (directory)`],
  ])('checks %j with the value %s: %s', async (spec, value, status, found) =>
    expect(await check(spec, value)).toMatchObject({ status, found }),
  );
});

it.each(['toString', 'constructor', 'hasOwnProperty'])(
  'the variable %s is unset, although each object has something of this name',
  async (name) => {
    expect(await checkKind('env', { [name]: { set: true } }, {})).toMatchObject({
      status: 'fail',
      found: 'unset',
    });
  },
);

describe('env.matches', () => {
  it.each([
    ['^v\\d+', 'v12', 'pass'],
    ['^v\\d+', 'x', 'fail'],
    ['^(a+)+$', `${'a'.repeat(50)}b`, 'error'],
    ['^(a|a)*$', `${'a'.repeat(50)}b`, 'error'],
  ])('matches /%s/ against %s: %s', async (matches, value, status) => {
    expect(await check({ matches }, value)).toMatchObject({ status });
  });

  it('tries again when wall time ran out without CPU time, as on a sleeping machine', async () => {
    const asleep = Object.assign(new Error('asleep'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });
    const tries = vi.spyOn(vm, 'runInNewContext').mockImplementationOnce(() => {
      throw asleep;
    });
    syncBuiltinESMExports();
    expect(await check({ matches: '^v' }, 'v12')).toMatchObject({ status: 'pass' });
    expect(tries).toHaveBeenCalledTimes(2);
    tries.mockRestore();
    syncBuiltinESMExports();
  });

  it('does not show the value of a secret', async () => {
    const finding = await check({ matches: '^y', secret: true }, 'top-secret');
    expect(JSON.stringify(finding)).not.toContain('top-secret');
  });
});
