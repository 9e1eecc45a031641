import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pathFromText, readPack, restoreEntry, writePack } from '../src/index.ts';
import { get, links, listing, make, options, save } from './fixture.ts';

const names = (path: string) => readdirSync(path, { recursive: true }).sort();

/** Saves a tree that contains files that cannot be cached. */
async function saveOdd(move: boolean) {
  const made = make();
  const { tree, store } = made;
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(tree, 'socket'), done));
  execFileSync('mkfifo', [join(tree, 'sub/pipe')]);
  writeFileSync(join(tree, 'closed'), 'mine', { mode: 0o000 });
  const skipped: [string, string][] = [];
  const outcome = save(store, 'k', tree, {
    move,
    skip: (path, why) => skipped.push([path.slice(tree.length + 1), why]),
  });
  server.close();
  return { ...made, outcome, skipped: skipped.sort() };
}

describe('saveEntry with files that cannot be cached', () => {
  it.each([false, true])(
    'leaves them out, reports the reason, and moves nothing away (move: %s)',
    async (move) => {
      const { tree, store, outcome, skipped } = await saveOdd(move);
      expect(outcome).toBe('saved');
      expect(skipped).toEqual([
        ['closed', 'it may not be read (mode 0): chmod u+r'],
        ['socket', 'it is a socket, a pipe or a device'],
        ['sub/pipe', 'it is a socket, a pipe or a device'],
      ]);
      expect(names(join(get(store, 'k').folder, 'tree-0'))).toEqual(['sub', 'sub/file']);
      expect(readdirSync(tree)).toContain('closed');
    },
  );

  it('leaves out the staging folder of another restore without a report', () => {
    const { tree, store } = make();
    mkdirSync(join(tree, '.runner-actions-1_2__3_host_x'));
    writeFileSync(join(tree, '.runner-actions-mine'), '');
    save(store, 'k', tree);
    expect(readdirSync(join(get(store, 'k').folder, 'tree-0'))).toEqual(['.runner-actions-mine', 'sub']);
  });
});

describe('saveEntry with paths near the limits of the system', () => {
  it.each([false, true])('saves names of 255 bytes, including hard links (move: %s)', (move) => {
    const { tree, store, target } = make();
    const name = 'ä'.repeat(127) + 'x';
    writeFileSync(join(tree, name), 'x');
    execFileSync('ln', [join(tree, name), join(tree, '..', 'other')]);
    save(store, 'k', tree, { move });
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode: 'copy' }));
    expect(readdirSync(target).sort()).toEqual(['sub', name]);
    expect(statSync(join(target, name)).nlink).toBe(1);
  });

  it('saves paths that fit below the store’s folders, and reports paths that are too long', () => {
    const { tree, store, target } = make();
    const level = 'd'.repeat(200);
    // Created from inside the folder, because no path to it may be that long.
    const make_ = `cd -P "$1"; for i in $(seq 21); do mkdir ${level}; cd -P ./${level}; echo x > f; done`;
    execFileSync('sh', ['-c', make_, 'sh', tree], { stdio: 'ignore' });
    const skipped: string[] = [];
    expect(save(store, 'k', tree, { skip: (_path, why) => skipped.push(why) })).toBe('saved');
    expect(new Set(skipped)).toEqual(new Set(['its path is too long for the folders of the store']));
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode: 'copy' }));
    expect(names(target).length).toBeGreaterThan(30);
  });
});

describe('a save with inPlace', () => {
  it('creates symlinks to the trees instead of copies, and packs them', async () => {
    const { folder, tree, store } = make();
    chmodSync(join(tree, 'sub'), 0o555);
    symlinkSync('sub', join(tree, 'link'));
    const before = listing(tree);
    save(store, 'k', tree, { inPlace: true, digests: true });
    const entry = get({ ...store, temporary: true }, 'k');
    expect(lstatSync(join(entry.folder, 'tree-0')).isSymbolicLink()).toBe(true);
    const out = new PassThrough();
    const limits = { maxBytes: 1e6, maxItems: 100 };
    mkdirSync(join(folder, 'unpacked'));
    await Promise.all([
      writePack(entry, out),
      readPack(out, join(folder, 'unpacked'), { limits, linksOf: () => links }),
    ]);
    expect(listing(join(folder, 'unpacked/tree-0'))).toBe(before);
    expect(listing(tree)).toBe(before);
  });
});
