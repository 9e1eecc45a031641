import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import { launchJob } from '@runner-actions/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { action, launchAsUser, makeOld, makeRunner, reason, user } from './as-user.ts';

/** The name of a folder in the trash whose owner process has ended. */
let dead = '';
beforeAll(async () => {
  const process = spawn('cat');
  const owner = ownerOf(process.pid ?? 0);
  process.kill('SIGKILL');
  await once(process, 'exit');
  dead = `${ownerName(owner)}_0b6a1c9e-6a07-4f2e-9d0c-4b8f1d2c3e4f`;
});

const now = (directory: string, inputs: Record<string, string> = {}) =>
  launchAsUser({ steps: [{ action, with: { when: 'now', ...inputs } }], directory });
const workspaceOf = (directory: string) => join(directory, '_work/app/app');
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

describe.skipIf(reason !== '')(`cleanup-workspace and an untrusted work folder${reason}`, () => {
  it('does not empty the home directory when the trash is a link to it', () => {
    const directory = makeRunner(['home/.ssh/id', `home/${dead}/inner/file`, 'home/old/file']);
    for (const name of ['.ssh', dead, 'old']) makeOld(join(directory, 'home', name));
    symlinkSync(join(directory, 'home'), join(directory, '_work/.trash'));
    const { conclusion, steps } = now(directory);
    expect(conclusion).toBe('success');
    expect(readdirSync(join(directory, 'home')).sort()).toEqual(['.ssh', 'old', dead, 'x'].sort());
    expect(read(directory, 'home', dead, 'inner/file')).toContain('inner/file');
    expect(readdirSync(workspaceOf(directory))).toEqual([]);
    expect(steps[0]?.annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(
          /neither used nor emptied: \S+_work\/\.trash \(it is a link\)\. .*remove it/,
        ) as string,
      },
    ]);
  });

  it('removes only folders of its own user with the right form of name from the trash', () => {
    const own = `_work/.trash/${dead}`;
    const directory = makeRunner([
      `${own}/file`,
      '_work/.trash/notes/of/somebody',
      '_work/.trash/file',
      `!${own}-root/file`,
      'home/.ssh/id',
    ]);
    const trash = join(directory, '_work/.trash');
    symlinkSync(join(directory, 'home'), join(trash, `${dead}-link`));
    for (const name of ['notes', 'file']) makeOld(join(trash, name));
    expect(now(directory).conclusion).toBe('success');
    expect(readdirSync(trash).sort()).toEqual([`${dead}-link`, `${dead}-root`, 'file', 'notes'].sort());
    expect(read(directory, 'home/.ssh/id')).toBe('home/.ssh/id');
    expect(read(trash, 'notes/of/somebody')).toContain('somebody');
  });

  it('moves nothing into a trash of another user', () => {
    const directory = makeRunner(['!_work/.trash/seen']);
    execFileSync('chmod', ['777', join(directory, '_work/.trash')]);
    const { steps, conclusion } = now(directory);
    expect(conclusion).toBe('success');
    expect(readdirSync(workspaceOf(directory))).toEqual([]);
    expect(readdirSync(join(directory, '_work/.trash'))).toEqual(['seen']);
    expect(steps[0]?.annotations[0]?.message).toMatch(/\.trash \(no permission: it belongs to another user/);
  });

  it.each([
    ['the workspace to the tool cache', 'app/app', '../_tool/node'],
    ['the workspace to another repository', 'app/app', '../other/other'],
    ['the repository’s folder to another repository', 'app', 'other'],
  ])('does not follow a link from %s', (_what, path, to) => {
    const files = ['_work/_tool/node/bin', '_work/other/other/src', '_work/other/app/src'];
    const directory = makeRunner(files);
    rmSync(join(directory, '_work', path), { recursive: true });
    symlinkSync(to, join(directory, '_work', path));
    const { steps } = now(directory);
    expect(steps[0]?.exitCode).toBe(1);
    expect(steps[0]?.annotations[0]?.message).toMatch(/is not emptied: .*it is a link/);
    for (const file of files) expect(read(directory, file)).toBe(file);
  });

  it.each(['_temp', '_temp/runner-actions'])('does not write a report through a link at %s', (path) => {
    const directory = makeRunner(['home/.ssh/id']);
    const [link, away] = [join(directory, '_work', path), join(directory, 'home/away')];
    // The runner creates `_temp` again at the start of a job, so the job itself must create the link.
    const swap = `mkdir -p '${link}' && mv '${link}' '${away}' && ln -s '${away}' '${link}'`;
    const { posts } = launchAsUser({ steps: [{ action }, { run: ['/bin/sh', '-c', swap] }], directory });
    expect(posts[0]?.stdout).toMatch(/report could not be written: \S+ is a link, not a folder/);
    const left = readdirSync(away, { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => /cleanup-workspace|runner-actions/.test(name))).toEqual([]);
    expect(readdirSync(workspaceOf(directory))).toEqual([]);
  });

  it('gives the trash to the owner of the work folder when it runs as root in a container', async () => {
    const directory = makeRunner(['_work/app/app/deep/file']);
    await launchJob({ steps: [{ action, with: { when: 'now', budget: '0s' } }], directory });
    expect(statSync(join(directory, '_work/.trash')).uid).toBe(user);
  });
});

describe.skipIf(reason !== '')(`cleanup-workspace and entries that cannot be removed${reason}`, () => {
  const keep = 'kept\nhalf/kept';
  const files = ['kept/x', 'half/kept/y', 'half/gone', 'mixed/mine'].map((file) => `_work/app/app/${file}`);

  it('moves only the blocking folders to the trash and keeps the entries to keep, in every run', () => {
    const blocked = ['!_work/app/app/mixed/deep/root/file', '!_work/app/app/half/x/root/file'];
    const directory = makeRunner([...files, '_work/app/app/half/x/mine', ...blocked]);
    execFileSync('chown', [`${user}`, ...['mixed/deep'].map((path) => join(workspaceOf(directory), path))]);
    for (let run = 1; run <= 2; run += 1) {
      const { conclusion, steps } = now(directory, { keep });
      expect(conclusion).toBe('success');
      expect(readdirSync(workspaceOf(directory), { recursive: true }).sort()).toEqual([
        'half',
        'half/kept',
        'half/kept/y',
        'kept',
        'kept/x',
      ]);
      if (run === 1)
        expect(steps[0]?.annotations[0]?.message).toMatch(
          /removed: \S+ \(moved out of the workspace.*another user \(root\); remove it as root\)/,
        );
      else {
        expect(steps[0]?.annotations).toEqual([]);
        expect(steps[0]?.summary).toContain('The trash contains 2 entries of earlier jobs');
      }
    }
    const left = readdirSync(join(directory, '_work/.trash'), { recursive: true, encoding: 'utf8' });
    expect(left.filter((path) => path.endsWith('/file'))).toHaveLength(2);
    expect(left.some((path) => path.endsWith('mine'))).toBe(false);
  });

  it('leaves a folder that it cannot move next to kept entries, and warns', () => {
    const directory = makeRunner([...files, '!_work/app/app/root/file']);
    for (let run = 1; run <= 2; run += 1) {
      const { steps } = now(directory, { keep });
      expect(readdirSync(workspaceOf(directory)).sort()).toEqual(['half', 'kept', 'root']);
      expect(read(workspaceOf(directory), 'kept/x')).toContain('kept/x');
      expect(steps[0]?.annotations[0]?.message).toMatch(/app\/app\/root\/file \(.*another user/);
    }
  });

  it('does not fail a job for the leftovers of an earlier one', () => {
    const directory = makeRunner([`_work/.trash/${dead}/mine`, `!_work/.trash/${dead}/root/file`]);
    const { conclusion, steps } = now(directory, { strict: 'true' });
    expect(conclusion).toBe('success');
    expect(steps[0]?.annotations).toEqual([]);
    // The path may be that of another repository.
    expect(steps[0]?.summary).toMatch(/contains 1 entry of earlier jobs/);
    expect(steps[0]?.stdout).not.toContain('root/file');
    expect(existsSync(join(directory, '_work/.trash', dead, 'mine'))).toBe(false);
    mkdirSync(join(workspaceOf(directory), 'root/dir'), { recursive: true });
    expect(now(directory, { strict: 'true' }).conclusion).toBe('failure');
  });
});
