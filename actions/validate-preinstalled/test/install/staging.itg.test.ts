import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { removeAbandoned, removeStaging, stagingPrefix } from '../../src/install/remove-staging-io.ts';

const noMounts = withMounts([]) === undefined ? ' (skipped: needs mount namespaces)' : '';
const prefix = stagingPrefix('x64');
const abandoned = `${prefix}aB3dE6`;

/** A folder with staging folders and others, all of them two days old. */
function folderWith(...names: readonly string[]): string {
  const parent = mkdtempSync(join(tmpdir(), 'staging-'));
  for (const name of names) {
    mkdirSync(join(parent, name, 'content/bin'), { recursive: true });
    writeFileSync(join(parent, name, 'content/bin/tool'), 'x');
    age(join(parent, name));
  }
  return parent;
}

function age(path: string): void {
  const before = Date.now() / 1000 - 2 * 24 * 60 * 60;
  utimesSync(path, before, before);
}

const clean = (parent: string): Promise<string[]> => removeAbandoned(parent, prefix, startDeadline(60_000));

describe('staging folders of installations that were killed', () => {
  it('are removed with all that is in them', async () => {
    const parent = folderWith(abandoned);
    expect([await clean(parent), existsSync(join(parent, abandoned))]).toEqual([[], false]);
  });

  it.each([
    '.x64-backup',
    '.x64-aB3dE6',
    'x64',
    `${prefix}old`,
    `${prefix}aB3-E6`,
    `.arm64-runner-actions-aB3dE6`,
  ])('are not confused with %s, which belongs to others', async (name) => {
    const parent = folderWith(name);
    await clean(parent);
    expect(existsSync(join(parent, name, 'content/bin/tool'))).toBe(true);
  });

  it('stay while they are new, since an installation may run', async () => {
    const parent = folderWith(abandoned);
    writeFileSync(join(parent, abandoned, 'archive'), 'x');
    expect([await clean(parent), existsSync(join(parent, abandoned))]).toEqual([[], true]);
  });

  it('are not removed through a link, nor is what a link in them leads to', async () => {
    const parent = folderWith(abandoned, 'theirs');
    symlinkSync(join(parent, 'theirs'), join(parent, `${prefix}linked`));
    symlinkSync(join(parent, 'theirs'), join(parent, abandoned, 'link'));
    age(join(parent, abandoned));
    expect(await clean(parent)).toEqual([expect.stringContaining('it is a link')]);
    expect(existsSync(join(parent, 'theirs/content/bin/tool'))).toBe(true);
    expect(lstatSync(join(parent, `${prefix}linked`)).isSymbolicLink()).toBe(true);
    expect(existsSync(join(parent, abandoned))).toBe(false);
  });

  it('are left, and named, when the time is over', async () => {
    const parent = folderWith(abandoned);
    expect(await removeStaging(parent, abandoned, startDeadline(0))).toEqual([
      `${join(parent, abandoned)}: the time was over`,
    ]);
  });

  it.skipIf(noMounts !== '')(`keep what is mounted in them${noMounts}`, () => {
    const [parent, other] = [folderWith(abandoned), mkdtempSync(join(tmpdir(), 'mounted-'))];
    writeFileSync(join(other, 'kept'), 'kept');
    const point = join(parent, abandoned, 'content/mounted');
    mkdirSync(point);
    age(join(parent, abandoned));
    // A bind mount is on the same device, so that only the mount's id tells it.
    const [program = '', ...args] = withMounts([['--bind', other, point]]) ?? [];
    const script = `const { removeAbandoned } = await import(${JSON.stringify(join(dirname(dirname(import.meta.dirname)), 'src/install/remove-staging-io.ts'))});
      const { startDeadline } = await import('@runner-actions/core');
      console.log(JSON.stringify(await removeAbandoned(...${JSON.stringify([parent, prefix])}, startDeadline(60000))));`;
    const argv = [...args, process.execPath, '--input-type=module', '-e', script];
    const left = execFileSync(program, argv, { encoding: 'utf8', cwd: import.meta.dirname });
    expect(JSON.parse(left)).toEqual([
      expect.stringMatching(/mounted: another file system is mounted there/),
    ]);
    expect(readFileSync(join(other, 'kept'), 'utf8')).toBe('kept');
    expect(existsSync(join(parent, abandoned, 'content/bin'))).toBe(false);
  });
});
