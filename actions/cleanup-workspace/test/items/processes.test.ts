import { startDeadline } from '@runner-actions/core';
import type { HostProcess, MaybeUnknown } from '@runner-actions/host';
import { expect, it } from 'vitest';
import { processesItem, type ProcessTable } from '../../src/items/processes.ts';
import { id, machine, make, workspace } from './machine.ts';

type Listed = MaybeUnknown<HostProcess[]>;

/**
 * Returns a table of processes whose lists are these, one after another; the last one stays. The machine is `machine`,
 * and the action's own process there is this process.
 */
function fakeTable(lists: readonly Listed[], unkillable: readonly number[] = []) {
  const ended: number[][] = [];
  const graces: number[] = [];
  let next = 0;
  const own = machine.map((each) => (each.pid === 60 ? { ...each, pid: process.pid, startTime: 60 } : each));
  const table: ProcessTable = {
    list: async () => {
      const added = lists[Math.min(next, lists.length - 1)] ?? [];
      next += 1;
      return 'unknown' in added ? added : [...own.filter(({ pid }) => pid !== 61), ...added];
    },
    helpers: () => [],
    end: async (processes, { grace }) => {
      graces.push(grace);
      ended.push(processes.map(({ pid }) => pid));
      const left = processes.filter(({ pid }) => unkillable.includes(pid));
      return {
        ended: processes.filter((each) => !left.includes(each)),
        left: left.map((each) => ({ process: each, reason: 'stuck' })),
      };
    },
  };
  return { table, ended, graces };
}

async function run(lists: readonly Listed[], unkillable: readonly number[] = [], milliseconds = 60_000) {
  const { table, ended, graces } = fakeTable(lists, unkillable);
  const item = processesItem({ trackingId: id, workspace }, table);
  const deadline = startDeadline(milliseconds);
  const steps = await item.plan(deadline);
  const outcome = await item.execute(steps, deadline);
  return { steps, ended, graces, outcome, notes: item.notes?.(outcome) };
}

const leftover = (pid: number) => make(pid, 1, { trackingId: id });

it('ends the planned processes, then what they started meanwhile, until nothing is left', async () => {
  const { ended, graces, outcome } = await run([
    [leftover(70), leftover(71)],
    [leftover(72)],
    [leftover(73), make(74, 73)],
    [],
  ]);
  expect(ended).toEqual([[70, 71], [72], [73, 74]]);
  expect(outcome).toEqual({ removed: 5, freedBytes: 0, residue: [], finished: true });
  expect(Math.max(...graces.slice(1))).toBeLessThan(graces[0] ?? 0);
});

it('never ends what the plan keeps', async () => {
  const unproven = make(80, 1);
  const { steps, ended, outcome } = await run([
    [leftover(70), unproven],
    [leftover(71), unproven],
    [unproven],
  ]);
  expect(steps.map(({ action, process }) => `${action} ${process.pid}`)).toEqual(['remove 70', 'keep 80']);
  expect(ended).toEqual([[70], [71]]);
  expect(outcome).toMatchObject({ removed: 2, residue: [] });
});

it('does nothing if the plan is empty, also if a process appears later', async () => {
  const { ended, outcome } = await run([[], [leftover(70)]]);
  expect(ended).toEqual([]);
  expect(outcome).toMatchObject({ removed: 0, finished: true });
});

it('reports a process that does not end once, and goes on with the others', async () => {
  const { ended, outcome } = await run(
    [[leftover(70), leftover(71)], [leftover(70), leftover(72)], [leftover(70)]],
    [70],
  );
  expect(ended).toEqual([[70, 71], [72]]);
  expect(outcome).toMatchObject({ removed: 2, residue: [{ path: 'sh (pid 70)', reason: 'stuck' }] });
});

it('stops after five passes if processes start others without end', async () => {
  const { ended, outcome } = await run(Array.from({ length: 20 }, (_, index) => [leftover(100 + index)]));
  expect(ended).toHaveLength(5);
  expect(outcome.residue).toEqual([
    { path: 'sh (pid 105)', reason: 'processes of the job start others faster than they are ended' },
  ]);
});

it('says what the plan does not do, also after the execution', async () => {
  const { notes, ended } = await run([{ unknown: 'Processes cannot be read on win32' }, [leftover(70)]]);
  expect(notes).toEqual([expect.stringContaining('not ended: Processes cannot be read on win32.')]);
  expect(ended).toEqual([]);
  expect((await run([[leftover(70)], { unknown: 'x' }])).notes).toEqual([]);
});

it('ends what was planned if the processes cannot be listed again', async () => {
  const { ended, outcome } = await run([
    [leftover(70)],
    { unknown: 'Processes cannot be listed: it did not answer' },
  ]);
  expect(ended).toEqual([[70]]);
  expect(outcome).toMatchObject({ removed: 1, residue: [] });
});

it('is not finished if the deadline has passed', async () => {
  const { ended, outcome, notes } = await run([[leftover(70)], [leftover(71)]], [70], 0);
  expect(ended).toEqual([[70]]);
  expect(outcome).toMatchObject({ finished: false, residue: [] });
  expect(notes).toEqual([expect.stringContaining('no time to end all processes')]);
});
