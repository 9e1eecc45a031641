import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute, startDeadline } from '@runner-actions/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { renderPrometheus, writeTextfile } from '../src/index.ts';
import { example } from './examples.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'textfile-'))));
const write = (name = 'lab-1', to = folder) =>
  writeTextfile({ folder: to, name, metrics: example() }, startDeadline(30_000));

describe('writeTextfile', () => {
  it('writes the figures, and nothing else', async () => {
    expect(await write()).toBe(join(folder, 'lab-1.prom'));
    expect(readdirSync(folder)).toEqual(['lab-1.prom']);
    expect(readFileSync(join(folder, 'lab-1.prom'), 'utf8')).toBe(renderPrometheus(example()));
  });

  it('lets everybody read the file, even if the umask of the runner forbids it', async () => {
    const script = `
      process.umask(0o077);
      const { checkMetrics, writeTextfile } = await import(${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))});
      const { startDeadline } = await import('@runner-actions/core');
      const metrics = checkMetrics([], { labels: [] });
      await writeTextfile({ folder: process.argv[1], name: 'lab-1', metrics }, startDeadline(30_000));`;
    const cwd = import.meta.dirname;
    const done = await execute([process.execPath, '--input-type=module', '--eval', script, folder], { cwd });
    expect(done.stderr).toBe('');
    expect(statSync(join(folder, 'lab-1.prom')).mode & 0o777).toBe(0o644);
  });

  it('replaces a link in the place of the file, and does not follow it', async () => {
    const other = join(mkdtempSync(join(tmpdir(), 'other-')), 'other');
    writeFileSync(other, 'untouched');
    symlinkSync(other, join(folder, 'lab-1.prom'));
    await write();
    expect(readFileSync(other, 'utf8')).toBe('untouched');
    expect(readFileSync(join(folder, 'lab-1.prom'), 'utf8')).toBe(renderPrometheus(example()));
  });

  it('leaves a folder in the place of the file alone, and says that it cannot write', async () => {
    mkdirSync(join(folder, 'lab-1.prom/inside'), { recursive: true });
    await expect(write()).rejects.toThrow(
      /^textfile: a folder is in the place of .*lab-1\.prom \(EISDIR\)\. Remove it/,
    );
    expect(existsSync(join(folder, 'lab-1.prom/inside'))).toBe(true);
    expect(readdirSync(folder)).toEqual(['lab-1.prom']);
  });

  it('says that the folder is missing, and creates none', async () => {
    await expect(write('lab-1', join(folder, 'none'))).rejects.toThrow(
      `textfile: the folder ${join(folder, 'none')} does not exist. Create it`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says that the folder is a file', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(write('lab-1', join(folder, 'file'))).rejects.toThrow('is not a folder');
  });

  it('removes old temporary files of this name, and no others', async () => {
    const [old, young, other] = ['.lab-1.prom.1.a.tmp', '.lab-1.prom.2.b.tmp', '.lab-2.prom.1.a.tmp'];
    for (const name of [old, young, other]) writeFileSync(join(folder, name), '');
    for (const name of [old, other]) utimesSync(join(folder, name), 1, 1);
    await write();
    expect(readdirSync(folder).sort()).toEqual([young, other, 'lab-1.prom']);
  });

  it('gives up when there is no time, and says so', async () => {
    const work = writeTextfile({ folder, name: 'lab-1', metrics: example() }, startDeadline(0));
    await expect(work).rejects.toThrow(/the file system did not write .*lab-1\.prom/);
  });
});
