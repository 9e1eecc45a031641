import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nothingRemoved } from '@runner-actions/host';
import { expect, it } from 'vitest';
import { identityOf } from '../../src/items/ground.ts';
import { pathItem } from '../../src/items/path-item.ts';
import { removeEntry } from '../../src/items/remove-entry.ts';
import { deadline, makeMachine } from './runner-world.ts';

it('leaves an entry that was replaced right before the removal', () => {
  const { work, ground } = makeMachine(['_work/old/file']);
  const entry = { base: work, names: ['old'] };
  const place = { work, protect: ground.protect };
  const removal = removeEntry(entry, () => 'it was replaced', place, deadline());
  expect(removal.residue).toEqual([{ path: join(work, 'old'), reason: 'it was replaced' }]);
  expect(existsSync(join(work, 'old/file'))).toBe(true);
  expect(removeEntry(entry, () => undefined, place, deadline())).toMatchObject({ files: 1, residue: [] });
  expect(readdirSync(work)).not.toContain('old');
});

it('says nothing of an entry that has gone', () => {
  const { work } = makeMachine([]);
  const entry = { base: work, names: ['gone', 'x'] };
  expect(removeEntry(entry, () => undefined, { work, protect: [] }, deadline())).toEqual(nothingRemoved());
});

it('leaves an entry if what must go before it stays', async () => {
  const { work, ground } = makeMachine(['_work/old/file']);
  const what = join(work, 'old');
  const entry = { base: work, names: ['old'] };
  const stays = [{ path: 'marker', reason: 'it is immutable' }];
  const item = pathItem(
    {
      name: 'tool-cache',
      judge: () => [{ action: 'remove', what, why: 'old', entry, identity: identityOf(what) }],
      before: () => ({ ...nothingRemoved(), residue: stays }),
    },
    ground,
  );
  const outcome = await item.execute(await item.plan(deadline()), deadline());
  expect(outcome).toMatchObject({ removed: 0, leftovers: stays });
  expect(existsSync(join(what, 'file'))).toBe(true);
});
