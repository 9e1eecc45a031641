import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

// Among Linux file systems, this one counts in the kernel's own steps in every version.
const disk = mkdtempSync(join(tmpdir(), 'coarse-'));
const mount = 'mount -t ramfs ramfs "$1" && shift && exec "$@"';
const there = (...argv: string[]) =>
  spawnSync('unshare', ['--mount', 'sh', '-c', mount, 'sh', disk, ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TMPDIR: disk },
  });
const mayMount = there('true').status === 0;

it.skipIf(!mayMount)('detects a change within one step of the file system’s clock', () => {
  const script = `import fs from 'node:fs';
    const { checkIn, pathFromText, restoreEntry } = await import('${join(import.meta.dirname, '../src/index.ts')}');
    const { get, make, options, save } = await import('${join(import.meta.dirname, 'fixture.ts')}');
    const { tree, store, target } = make();
    for (let index = 0; index < 10; index += 1) fs.writeFileSync(tree + '/f' + index, 'content');
    save(store, 'k', tree);
    const seen = [];
    for (let round = 0; round < 20; round += 1) {
      const { lease } = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode: 'lease' }));
      const { atime, mtime } = fs.lstatSync(target + '/f1');
      fs.writeFileSync(target + '/f1', 'CONTENT');
      fs.utimesSync(target + '/f1', atime, mtime);
      seen.push(checkIn(store, lease, { keep: true, most: 0 }).changed);
    }
    console.log(JSON.stringify(seen));`;
  const { stdout, stderr } = there(process.execPath, '--input-type=module', '-e', script);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(Array(20).fill(1));
});
