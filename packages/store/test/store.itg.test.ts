import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEntry, pathFromText, openStore, restoreEntry, saveEntry, spaceVersion } from '../src/index.ts';
import { find, found, get, listing, make, options, save, space, tree0 } from './fixture.ts';

const source = join(import.meta.dirname, '../src/index.ts');

describe('a store', () => {
  it.each(['copy', 'reflink', 'lease'] as const)(
    'restores every kind of file unchanged with mode %s',
    (mode) => {
      const { tree, store, target } = make();
      writeFileSync(join(tree, 'new\nline'), 'x', { mode: 0o755 });
      writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0x80])]), 'x', {
        mode: 0o400,
      });
      writeFileSync(join(tree, 'empty'), '');
      // The nearest time that Node can set is in the next second.
      execFileSync('touch', ['-d', '2001-02-03 04:05:06.999999999Z', join(tree, 'empty')]);
      symlinkSync('sub/file', join(tree, 'relative'));
      symlinkSync('/nowhere', join(tree, 'dangling'));
      symlinkSync('loop', join(tree, 'loop'));
      mkdirSync(join(tree, 'closed'), { mode: 0o555 });
      execFileSync('touch', ['-d', '2001-02-03 04:05:06.123456Z', join(tree, 'sub/file'), join(tree, 'sub')]);
      expect(save(store, 'k', tree)).toBe('saved');
      const result = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode }));
      expect(result.outcome).toBe('restored');
      expect(listing(target)).toBe(listing(tree));
      expect(lstatSync(join(target, 'sub/file')).mtimeMs).toBeCloseTo(981_173_106_123.456, 2);
      expect(readlinkSync(join(target, 'dangling'))).toBe('/nowhere');
    },
  );

  it('accepts any key, byte for byte, and never writes outside its folder', () => {
    const { tree, store, folder } = make();
    const before = readdirSync(folder);
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.nat(1e9), (text, salt) => {
        const key = `${salt}${text}`;
        save(store, key, tree);
        expect(found(find(store, key))).toBe(key);
        expect(found(find(store, 'absent', [key]))).toBe(key);
      }),
      {
        numRuns: 60,
        examples: [
          ['/../../x', 1],
          ['*[\n\0$(id)😀', 2],
          ['CON.', 3],
        ],
      },
    );
    expect(readdirSync(folder)).toEqual(before);
  });

  it('prefers the key itself, then the newest key that starts with it, then restore keys in order', () => {
    const { tree, store } = make();
    for (const [createdAt, key] of ['a-1', 'b-1', 'a', 'a-2'].entries())
      save(store, key, tree, { createdAt });
    expect(found(find(store, 'a'))).toBe('a');
    expect(found(find(store, 'a-'))).toBe('a-2');
    expect(found(find(store, 'x', ['b-', 'a-']))).toBe('b-1');
    expect(found(find(store, 'x'))).toBeUndefined();
    expect(found(find(store, 'A'))).toBeUndefined();
  });

  it('finds the same entries as a plain list, for any keys and prefixes', () => {
    const keys = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 4 }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(
        keys,
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 3 })),
        (all, wanted) => {
          const { tree, store } = make();
          for (const key of all) save(store, key, tree);
          const [key = 'a', ...restoreKeys] = wanted;
          const times = new Map(all.map((one) => [one, get(store, one).metadata.createdAt]));
          const found = find(store, key, restoreKeys)?.metadata.key;
          const prefix = [key, ...restoreKeys].find((one) => all.some((other) => other.startsWith(one)));
          if (all.includes(key) || prefix === undefined) {
            expect(found).toBe(prefix === undefined ? undefined : key);
            return;
          }
          expect(found?.startsWith(prefix)).toBe(true);
          const newest = Math.max(
            ...all.filter((one) => one.startsWith(prefix)).map((one) => times.get(one) ?? 0),
          );
          expect(times.get(found ?? '')).toBe(newest);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('searches scope by scope, and never across repositories, systems or paths', () => {
    const { tree, store } = make();
    const [own, base] = [space({ scope: 'refs/pull/1/merge' }), space()];
    save(store, 'k-old', tree, {}, own);
    save(store, 'k', tree, {}, base);
    expect(found(findEntry(store, [own, base], 'k', ['k-']))).toBe('k-old');
    expect(found(findEntry(store, [base], 'k', []))).toBe('k');
    for (const other of [
      { repositoryId: '2' },
      { host: 'ghes.example' },
      { version: spaceVersion(['e'], ['Linux', 'X64']) },
      { version: spaceVersion(['d'], ['macOS', 'X64']) },
    ]) {
      expect(findEntry(store, [space(other)], 'k', [''])).toBeUndefined();
    }
  });

  it('reports that an entry exists, and keeps the first one', () => {
    const { tree, store, target } = make();
    save(store, 'k', tree);
    writeFileSync(join(tree, 'sub/file'), 'other');
    expect(save(store, 'k', tree)).toBe('exists');
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
    expect(readFileSync(join(target, 'sub/file'), 'utf8')).toBe('content');
  });

  it('replaces an unreadable entry, and an entry without digests when digests are requested', () => {
    const { tree, store } = make();
    save(store, 'k', tree);
    const { folder } = get(store, 'k');
    writeFileSync(join(folder, 'entry.json'), '{');
    expect(find(store, 'k')).toBeUndefined();
    expect(save(store, 'k', tree)).toBe('saved');
    expect(save(store, 'k', tree, { digests: true })).toBe('saved');
    expect(get(store, 'k').metadata.digests).toBe(true);
    expect(save(store, 'k', tree, { digests: true })).toBe('exists');
  });

  it('moves a tree with move, and replaces hard links with copies', () => {
    const { tree, store, folder, target } = make();
    mkdirSync(join(tree, 'closed'));
    linkSync(join(tree, 'sub/file'), join(folder, 'elsewhere'));
    linkSync(join(tree, 'sub/file'), join(tree, 'closed/again'));
    chmodSync(join(tree, 'closed'), 0o555);
    const before = listing(tree);
    expect(save(store, 'k', tree, { move: true })).toBe('saved');
    expect(existsSync(tree)).toBe(false);
    writeFileSync(join(folder, 'elsewhere'), 'changed');
    expect(restoreEntry(store, get(store, 'k'), [pathFromText(target)], options()).outcome).toBe('restored');
    expect(readFileSync(join(target, 'closed/again'), 'utf8')).toBe('content');
    expect(listing(target)).toBe(before);
  });

  it('moves a tree back when it cannot be saved', () => {
    const { tree, store, folder } = make();
    const second = join(folder, 'second');
    mkdirSync(second);
    execFileSync('mkfifo', [join(second, 'pipe')]);
    const sources = [tree0(tree), tree0(second, 1)];
    const act = () => saveEntry(store, space(), 'k', sources, { repository: 'octo/app', move: true });
    expect(act).toThrow('a pipe or a device');
    expect(readFileSync(join(tree, 'sub/file'), 'utf8')).toBe('content');
    expect(readdirSync(second)).toEqual(['pipe']);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
  });

  it('keeps a tree that cannot be moved back in quarantine, and reports where', () => {
    const { tree, store, folder } = make();
    const [second, third] = [join(folder, 'second'), join(folder, 'third')];
    mkdirSync(second);
    writeFileSync(join(second, 'work'), 'mine');
    mkdirSync(third);
    execFileSync('mkfifo', [join(third, 'pipe')]);
    const sources = [tree, second, third].map((path, nth) => tree0(path, nth));
    // Stands for a program that creates its folder again during the save.
    const tick = () => {
      if (existsSync(second)) return;
      mkdirSync(second);
      writeFileSync(join(second, 'again'), '');
    };
    const act = () => saveEntry(store, space(), 'k', sources, { repository: '', move: true, tick });
    expect(act).toThrow(/a pipe or a device.*second could not be moved back and is now in .*quarantine/);
    expect(readFileSync(join(tree, 'sub/file'), 'utf8')).toBe('content');
    expect(readdirSync(second)).toEqual(['again']);
    const [kept = ''] = readdirSync(join(store.root, 'quarantine'));
    expect(readFileSync(join(store.root, 'quarantine', kept, 'tree-1/work'), 'utf8')).toBe('mine');
  });

  it('rejects a root that other users can write, and accepts one that a group shares', () => {
    const { folder, tree } = make();
    const root = join(folder, 'loose');
    mkdirSync(root);
    chmodSync(root, 0o777);
    expect(() => openStore(root)).toThrow('can be written by other users');
    expect(readdirSync(root)).toEqual([]);
    chmodSync(root, 0o2770);
    const store = openStore(root);
    expect(store.group).toBe(lstatSync(root).gid);
    save(store, 'k', tree);
    const modes = execFileSync(
      'find',
      [root, '-type', 'd', '-not', '-path', '*/tree-0*', '-printf', '%m\n'],
      {
        encoding: 'utf8',
      },
    );
    expect(new Set(modes.trim().split('\n'))).toEqual(new Set(['2770']));
  });

  it('rejects a root that is a symlink, and a pipe in a tree, and leaves nothing', () => {
    const { folder, tree, store } = make();
    symlinkSync(store.root, join(folder, 'link'));
    expect(() => openStore(join(folder, 'link'))).toThrow('is a link or a file');
    expect(() => openStore(join(tree, 'sub/file'))).toThrow('is a link or a file');
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    expect(() => save(store, 'k', tree)).toThrow('a pipe or a device');
    rmSync(join(tree, 'pipe'));
    writeFileSync(join(tree, 'closed'), '', { mode: 0o000 });
    expect(() => save(store, 'k', tree)).toThrow(
      'closed cannot be cached: it may not be read (mode 0): chmod u+r',
    );
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
    expect(lstatSync(store.root).mode & 0o777).toBe(0o700);
  });

  it('saves one entry without leftovers when eight processes save one key at once', async () => {
    const { tree, store, target } = make();
    const results = await Promise.all(Array.from({ length: 8 }, () => saveElsewhere(store.root, tree, 'k')));
    expect(results.filter((result) => result === 'saved')).toHaveLength(1);
    expect(results.filter((result) => result === 'exists')).toHaveLength(7);
    expect(readdirSync(join(store.root, 'staging'))).toEqual([]);
    restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
    expect(listing(target)).toBe(listing(tree));
  });

  it('leaves nothing behind on a full disk', () => {
    const { folder, tree } = make();
    writeFileSync(join(tree, 'large'), Buffer.alloc(3_000_000, 1));
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const script = 'mount -t tmpfs -o size=1m,mode=700 tmpfs "$1" && shift && exec "$@"';
    const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    const code = `${saver(disk, tree, 'k').replace(
      'await save()',
      'try { await save() } catch (error) { console.log(error.code) }',
    )}; console.log(['staging', 'v3'].map((name) => fs.readdirSync('${disk}/' + name).length).join(' '))`;
    const argv = ['sh', disk, process.execPath, '--input-type=module', '-e', code];
    const { stdout, stderr } = spawnSync('unshare', ['--mount', ...own, 'sh', '-c', script, ...argv], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(['ENOSPC', '0 0']);
    expect(existsSync(join(disk, 'v3'))).toBe(false);
  });
});

/** A program that saves and prints the result. */
function saver(root: string, tree: string, key: string): string {
  const sources = JSON.stringify([tree0(tree)]);
  return `import fs from 'node:fs'; const { openStore, saveEntry } = await import('${source}');
    const save = async () => console.log(saveEntry(openStore('${root}'), ${JSON.stringify(space())}, '${key}', ${sources}, { repository: 'octo/app' }));
    await save()`;
}

function saveElsewhere(root: string, tree: string, key: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', saver(root, tree, key)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(text.trim()));
  });
}
