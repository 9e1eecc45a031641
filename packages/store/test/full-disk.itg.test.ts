import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSmallDisk } from '@runner-actions/testing';
import { expect, it } from 'vitest';
import { make, space, tree0 } from './fixture.ts';

const module = join(import.meta.dirname, '../src/index.ts');

it.skipIf(withSmallDisk('/tmp', '1m') === undefined)(
  'an eviction empties a disk that has not one byte left',
  () => {
    const { folder, tree } = make();
    writeFileSync(join(tree, 'large'), Buffer.alloc(300_000, 1));
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const code = `const fs = await import('node:fs'); const { openStore, saveEntry, collect, statisticsOf } = await import(${JSON.stringify(module)});
    const store = openStore('${disk}/store');
    const save = (key) => saveEntry(store, ${JSON.stringify(space())}, key, ${JSON.stringify([tree0(tree)])}, { repository: '' });
    save('k');
    const others = fs.openSync('${disk}/others', 'w');
    const refused = [];
    for (const size of [65536, 4096, 1])
      try { for (;;) fs.writeSync(others, Buffer.alloc(size, 1)); } catch (error) { refused.push(error.code); }
    try { save('another'); } catch (error) { refused.push(error.code); }
    const all = { maxBytes: 0, maxAge: undefined, minFreeBytes: undefined };
    const gone = collect(store, all, { freeBytes: 0, now: Date.now() + 3_600_000 });
    console.log(JSON.stringify([refused, gone.evicted?.length, save('another'), fs.statSync('${disk}/store/reserve').size]));`;
    const [command = '', ...wrap] = withSmallDisk(disk, '1m') ?? [];
    const { stdout, stderr } = spawnSync(
      command,
      [...wrap, process.execPath, '--input-type=module', '-e', code],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([Array(4).fill('ENOSPC'), 1, 'saved', 1 << 16]);
  },
);
