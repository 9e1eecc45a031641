import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempItem } from '../../src/items/temp-io.ts';
import { judgeTemp } from '../../src/items/temp.ts';
import { day, deadline, makeMachine, runItem } from './runner-world.ts';

const files = ['_work/_temp/one/file', '_work/_temp/two/file'];

it('the removal stops when a job begins between the plan and a removal', async () => {
  const { ground, work } = makeMachine(files);
  let removals = 0;
  const whyBusy = () => ((removals += 1) > 1 ? 'a job runs' : undefined);
  const item = tempItem({ ...ground, whyBusy });
  const steps = (await item.plan(deadline())).filter(({ what }) => /one|two/.test(what));
  expect(steps.map(({ action }) => action)).toEqual(['remove', 'remove']);
  const outcome = await item.execute(steps, deadline());
  expect(outcome).toMatchObject({ removed: 1, leftovers: [{ reason: 'a job runs' }] });
  expect(['one', 'two'].map((name) => existsSync(join(work, '_temp', name)))).toEqual([false, true]);
});

it('only folders of the runner’s owner are touched', async () => {
  const { ground, work } = makeMachine(files);
  const outcome = await runItem(tempItem({ ...ground, owners: [{ folder: work, uid: 4_000_000 }] }));
  expect(outcome).toMatchObject({ removed: 0 });
  const own = { folder: work, uid: process.getuid?.() ?? 0 };
  const elsewhere = { folder: '/', uid: 4_000_000 };
  expect(existsSync(join(work, '_temp/one'))).toBe(true);
  await runItem(tempItem({ ...ground, owners: [elsewhere, own] }));
  expect(existsSync(join(work, '_temp/one'))).toBe(false);
});

it('without a job, what the runner keeps for one goes too', () => {
  const entry = { name: '_runner_file_commands', whyKept: undefined, age: { newest: day } };
  const judge = (idle: boolean) => judgeTemp(entry, { before: 2 * day, inContainer: false, idle }).action;
  expect([judge(true), judge(false)]).toEqual(['remove', 'keep']);
});
