import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, fromText, restoreEntry } from '../src/index.ts';
import { get, leaseOf, make, options, save } from './fixture.ts';

/** What another user of a shared store may write, which must cost nobody more than a moment. */

function stage() {
  const made = make();
  save(made.store, 'k', made.tree, { digests: true });
  const entry = get(made.store, 'k').folder;
  const restore = () => restoreEntry(made.store, get(made.store, 'k'), [fromText(made.target)], options());
  return { ...made, entry, restore };
}
const all = { maxBytes: 0, maxAge: 0, minFreeBytes: undefined };
const later = () => ({ freeBytes: 0, now: Date.now() + 9e6 });

describe('what others are told of a lease', () => {
  it('is small, however much the job itself notes', () => {
    const { restore, store } = stage();
    const { folder } = leaseOf(restore());
    expect(JSON.parse(readFileSync(join(folder, 'hold.json'), 'utf8'))).toEqual({
      kind: 'copy',
      entry: expect.stringMatching(/^v3\//) as string,
    });
    writeFileSync(join(folder, 'lease.json'), 'not read by others');
    expect(collect(store, all, later())).toMatchObject({ evicted: [] });
  });

  it('is not read where it is large', () => {
    const { restore, store } = stage();
    truncateSync(join(leaseOf(restore()).folder, 'hold.json'), 1 << 20);
    const before = Date.now();
    expect(collect(store, all, later())).toMatchObject({ evicted: [{ kind: 'entry' }] });
    expect(Date.now() - before).toBeLessThan(1000);
  });
});
