import { mkdtempSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { type Deadline, DeadlinePassed, startDeadline } from '@runner-actions/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkAll } from '../src/check.ts';
import { computeFingerprint } from '../src/fingerprint.ts';
import { openMachine } from '../src/machine-io.ts';
import { matchesWithinLimit } from '../src/match-regexp.ts';
import { explainPathError } from '../src/paths/ask-path-io.ts';
import { findPaths } from '../src/paths/find-paths-io.ts';
import { jobWith, requirementsOf } from './kinds/check-kind.ts';

/** A deadline that tells these milliseconds, one after the other. The last one stays. */
function deadlineWith(...milliseconds: number[]): Deadline {
  const rest = [...milliseconds];
  const remaining = (): number => (rest.length > 1 ? rest.shift() : rest[0]) ?? 0;
  return { ...startDeadline(60_000), remaining };
}

describe('the time limit of all checks', () => {
  it('lets no check begin after it', async () => {
    const requirements = await requirementsOf('env', {
      A: { set: true },
      B: { set: true },
      C: { set: true },
    });
    const machine = openMachine(jobWith({ A: 'x', B: 'x', C: 'x' }), deadlineWith(5, 0));
    const results = await checkAll(requirements, machine, { concurrency: 1, known: new Set() });
    expect(results.map(({ status, found }) => `${status}: ${found}`)).toEqual([
      'pass: set',
      'error: not checked in time',
      'error: not checked in time',
    ]);
  });

  it('ends a search for paths', async () => {
    const reason = new DeadlinePassed(5);
    const pattern = join(mkdtempSync(join(tmpdir(), 'find-')), '**/none');
    await expect(findPaths(pattern, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(explainPathError(reason).found).toBe('no result within the time limit');
  });

  it('leaves half of the time to the checks themselves', async () => {
    const requirements = await requirementsOf('files', [{ path: process.execPath }]);
    const skippable = async (deadline: Deadline) =>
      (await computeFingerprint(requirements, openMachine(jobWith({}), deadline))).skippable.size;
    expect(await skippable(deadlineWith(100, 90))).toBe(1);
    expect(await skippable(deadlineWith(100, 50))).toBe(0);
  });
});

describe('the time limit of all patterns', () => {
  const tries = vi.fn(vm.runInNewContext);
  beforeEach(() => {
    vi.spyOn(vm, 'runInNewContext').mockImplementation(tries.mockClear());
    syncBuiltinESMExports();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  it('tries none when no time is left', () => {
    expect(matchesWithinLimit(/^v/, 'v1', deadlineWith(0))).toBeUndefined();
    expect(tries).not.toHaveBeenCalled();
  });

  it('gives a pattern no more than what is left', () => {
    expect(matchesWithinLimit(/^v/, 'v1', deadlineWith(80))).toBe(true);
    expect(tries).toHaveBeenCalledWith(expect.anything(), expect.anything(), { timeout: 80 });
  });
});
