import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSmallDisk } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import { make, space, tree0 } from './fixture.ts';

const [module = '', keys = ''] = ['index', 'keys'].map((name) =>
  join(import.meta.dirname, `../src/${name}.ts`),
);
const mayMount = withSmallDisk('/tmp', '1m') !== undefined;

it.skipIf(!mayMount)('evicts entries on a disk without a free byte', () => {
  const { folder, tree } = make();
  writeFileSync(join(tree, 'large'), Buffer.alloc(300_000, 1));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const code = `const fs = await import('node:fs'); const { openStore, saveEntry } = await import(${JSON.stringify(module)});
    const { collect } = await import(${JSON.stringify(join(module, '../evict.ts'))});
    const { statisticsOf } = await import(${JSON.stringify(join(module, '../statistics.ts'))});
    const store = openStore('${disk}/store');
    const save = (key) => saveEntry(store, ${JSON.stringify(space())}, key, ${JSON.stringify([tree0(tree)])}, { repository: '' });
    save('k');
    ${fill(disk)}
    try { save('another'); } catch (error) { refused.push(error.code); }
    const all = { maxBytes: 0, maxAge: undefined, minFreeBytes: undefined };
    const gone = collect(store, all, { freeBytes: 0, now: Date.now() + 3_600_000 });
    console.log(JSON.stringify([refused, gone.evicted?.length, save('another'), fs.statSync('${disk}/store/reserve').size]));`;
  const { stdout, stderr } = run(disk, code);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([Array(4).fill('ENOSPC'), 1, 'saved', 1 << 16]);
});

it.skipIf(!mayMount)('does not publish an entry whose key does not fit into the index on a full disk', () => {
  const { folder } = make();
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  // The last page of the index has room for the beginning of a line.
  const code = `const fs = await import('node:fs'); const { recordKey } = await import(${JSON.stringify(keys)});
    fs.writeFileSync('${disk}/keys', '\\n'.repeat(4090));
    ${fill(disk)}
    try { recordKey({ root: '${disk}' }, '${disk}', { key: 'k'.repeat(100), createdAt: 1 }, () => console.log('published')); } catch (error) { console.log(error.code); }`;
  expect(run(disk, code)).toEqual({ stdout: 'ENOSPC\n', stderr: '' });
});

it.skipIf(!mayMount)('leaves a tree unchanged when it cannot be moved to a full disk', () => {
  const { folder } = make();
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const sub = `${disk}/tree/sub`;
  const code = `const fs = await import('node:fs'); const { findEntry, openStore, saveEntry } = await import(${JSON.stringify(module)});
    const { readInventoryOf } = await import(${JSON.stringify(join(module, '../entry.ts'))});
    fs.mkdirSync('${sub}', { recursive: true });
    for (let n = 0; n < 8; n += 1) {
      fs.writeFileSync('${sub}/' + n, Buffer.alloc(3 << 20, 1));
      for (const also of ['a', 'b']) fs.linkSync('${sub}/' + n, '${sub}/' + n + also);
    }
    fs.utimesSync('${sub}', 1e9, 1e9);
    fs.chmodSync('${sub}', 0o555);
    const look = () => { const { mode, mtimeMs } = fs.statSync('${sub}'); return [(mode & 0o777).toString(8), mtimeMs, fs.readdirSync('${sub}').length]; };
    const store = openStore('${disk}/store');
    const save = () => saveEntry(store, ${JSON.stringify(space())}, 'k', ${JSON.stringify([tree0(`${disk}/tree`)])}, { repository: '', move: true });
    const said = [];
    try { save(); } catch (error) { said.push(error.code); }
    said.push(look());
    for (const name of fs.readdirSync('${sub}')) if (!/^[01]$/.test(name)) fs.rmSync('${sub}/' + name);
    fs.utimesSync('${sub}', 1e9, 1e9);
    said.push(save());
    const [, item] = readInventoryOf(findEntry(store, [${JSON.stringify(space())}], 'k', []).folder, 0);
    console.log(JSON.stringify([...said, [item.mode.toString(8), item.modified]]));`;
  const { stdout, stderr } = run(disk, code, '32m');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(['ENOSPC', ['555', 1e12, 24], 'saved', ['555', 1e12]]);
});

/** Returns code that fills a disk to the last byte. */
function fill(disk: string): string {
  return `const others = fs.openSync('${disk}/others', 'w'); const refused = [];
    for (const size of [65536, 4096, 1])
      try { for (;;) fs.writeSync(others, Buffer.alloc(size, 1)); } catch (error) { refused.push(error.code); }`;
}

/** Runs code that sees a small disk at `disk`. */
function run(disk: string, code: string, size = '1m'): { stdout: string; stderr: string } {
  const [command = '', ...wrap] = withSmallDisk(disk, size) ?? [];
  const argv = [...wrap, process.execPath, '--input-type=module', '-e', code];
  const { stdout, stderr } = spawnSync(command, argv, { encoding: 'utf8' });
  return { stdout, stderr };
}
