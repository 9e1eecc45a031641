import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, linkSync, lstatSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { launchJob, patchNodeModule, preloadModule } from '@runner-actions/testing';
import { action, launchAsUser, makeRunner, reason, user } from './as-user.ts';

const workspaceIn = (directory: string) => join(directory, '_work/app/app');
describe.skipIf(reason !== '')(`a workspace that is hard to empty${reason}`, () => {
  it('with odd names, links out of it, read-only folders and a hard link into a store: only the workspace changes', () => {
    const directory = makeRunner(['store/blob', 'home/precious']);
    const [workspace, stored] = [workspaceIn(directory), join(directory, 'store/blob')];
    execFileSync('chmod', ['444', stored]);
    linkSync(stored, join(workspace, 'linked'));
    const before = lstatSync(stored);
    const names = String.raw`chmod 751 . && mkdir .a ..b && touch .a/.x ..b/-rf "$(printf 'new\nline')" "$(printf 'no\377utf8')"`;
    const links =
      'mkdir -p mod/x && ln -s ../../../../home mod/home && ln -s .. mod/x/up && ln -s /nowhere gone';
    const modes = 'touch mod/x/f && chmod 444 mod/x/f && chmod 555 mod/x mod';
    const fill = ['/bin/sh', '-c', [names, links, modes].join(' && ')];
    const { conclusion, steps } = launchAsUser({ steps: [{ action }, { run: fill }], directory });
    expect([conclusion, steps[1]?.exitCode]).toEqual(['success', 0]);
    expect([readdirSync(workspace), existsSync(join(directory, '_work/.trash'))]).toEqual([[], false]);
    expect([statSync(workspace).mode & 0o777, statSync(workspace).uid]).toEqual([0o751, user]);
    expect(existsSync(join(directory, 'home/precious'))).toBe(true);
    const { mode, mtimeMs, nlink } = lstatSync(stored);
    expect([mode, mtimeMs, nlink]).toEqual([before.mode, before.mtimeMs, 1]);
  });
});

describe.skipIf(reason !== '')(`a workspace with a folder of another user${reason}`, () => {
  it('is replaced on macOS as on Linux, so that the next checkout works', () => {
    const directory = makeRunner(['!_work/app/app/theirs/deep/file']);
    const env = preloadModule(`Object.defineProperty(process, 'platform', { value: 'darwin' })`);
    const { conclusion, posts } = launchAsUser({ steps: [{ action }], directory, env });
    expect([conclusion, readdirSync(workspaceIn(directory))]).toEqual(['success', []]);
    expect(posts[0]?.annotations[0]?.message).toMatch(
      /moved out of the workspace.*another user \(root\); remove it as root/,
    );
    const [own = ''] = readdirSync(join(directory, '_work/.trash'));
    expect(readdirSync(join(directory, '_work/.trash', own), { recursive: true })).toContainEqual(
      expect.stringMatching(/theirs\/deep\/file$/),
    );
  });
});

describe('a workspace with files that Windows has locked', () => {
  it('is empty once the programs let go of them, in the workspace and in the trash', async () => {
    const held = `Object.defineProperty(process, 'platform', { value: 'win32' });
      const { unlinkSync } = module;
      const refusals = { kept: 2, moved: 2 };
      module.unlinkSync = (path) => {
        const name = String(path).split('/').at(-1);
        if (!(refusals[name] > 0)) return unlinkSync(path);
        refusals[name] -= 1;
        throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
      };`;
    const fill = 'mkdir half moved && touch half/kept half/stays moved/moved';
    const { conclusion, workspace, posts } = await launchJob({
      steps: [{ action, with: { keep: 'half/stays', strict: 'true' } }, { run: ['/bin/sh', '-c', fill] }],
      env: patchNodeModule('node:fs', held),
    });
    expect(conclusion, posts[0]?.stdout).toBe('success');
    expect(readdirSync(workspace, { recursive: true }).sort()).toEqual(['half', 'half/stays']);
    expect(existsSync(join(workspace, '../../.trash'))).toBe(false);
  });
});

const immutable = join(mkdtempSync(join(tmpdir(), 'immutable-')), 'probe');
writeFileSync(immutable, '');
const change = (sign: string, path: string) => spawnSync('chattr', [`${sign}i`, path]).status === 0;
const noFlags = change('+', immutable) ? '' : ' (skipped: this file system has no immutable flag)';
const flagged = [immutable];
afterAll(() => flagged.forEach((path) => change('-', path)));

describe.skipIf(reason + noFlags !== '')(`a workspace with an immutable file${reason || noFlags}`, () => {
  it('is empty for the next job, which hears why the file stays in the trash', () => {
    const directory = makeRunner(['_work/app/app/deep/locked', '_work/app/app/deep/other']);
    change('+', join(workspaceIn(directory), 'deep/locked'));
    const { conclusion, posts } = launchAsUser({ steps: [{ action }], directory });
    const [[own = ''], message] = [
      readdirSync(join(directory, '_work/.trash')),
      posts[0]?.annotations[0]?.message,
    ];
    const kept = join(directory, '_work/.trash', own, '1/app/app/deep');
    flagged.push(join(kept, 'locked'));
    expect([conclusion, readdirSync(workspaceIn(directory)), readdirSync(kept)]).toEqual([
      ...['success', [], ['locked']],
    ]);
    expect(message).toMatch(/Not everything could be removed: .*locked .*immutable/);
  });
});
