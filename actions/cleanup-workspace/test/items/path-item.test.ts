import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoriesItem } from '../../src/items/repositories-io.ts';
import { deadline, makeMachine } from './runner-world.ts';

it('measures what the plan removes, without changing it', async () => {
  const { root, ground } = makeMachine(['_work/old/old/a', '_work/old/old/b']);
  const item = repositoriesItem(ground);
  const steps = await item.plan(deadline());
  expect(await item.measure(steps, deadline())).toEqual([
    { what: join(root, '_work/old'), files: 2, bytes: expect.any(Number) },
  ]);
  expect(await item.measure(steps, { ...deadline(), remaining: () => 0 })).toEqual([]);
  expect(await item.plan(deadline())).toEqual(steps);
});

it('says in a note why it removes nothing', async () => {
  const { ground } = makeMachine([]);
  const item = repositoriesItem({ ...ground, kernel: { platform: 'darwin' } });
  await item.plan(deadline());
  expect(item.notes(undefined)).toEqual([
    "Nothing is removed for 'stale-repositories': it is not known whether it is in use: Processes cannot be read on darwin.",
  ]);
});

it('counts what could not be removed in a note, without paths, and not as residue of this job', async () => {
  const { root, ground, make } = makeMachine(['_work/old/old/a']);
  const item = repositoriesItem(ground);
  const steps = await item.plan(deadline());
  make('_work/old/new');
  chmodSync(join(root, '_work/old'), 0o755);
  const outcome = await item.execute(steps, deadline());
  expect(outcome).toMatchObject({ removed: 0, residue: [], leftovers: [{ path: join(root, '_work/old') }] });
  expect(item.notes(outcome)).toEqual([
    "1 entry could not be removed for 'stale-repositories' (it changed after the plan was made: it was replaced). The report names them.",
  ]);
});
