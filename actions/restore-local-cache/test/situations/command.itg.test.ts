import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPolicy, withSmallDisk } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { asUser, folderOfUser, noUser, saveWithRootsFiles } from './ordinary-user.ts';
import { action, build, cache, filled, job, keysIn, runCommand, storeOf } from './stage.ts';

const bundle = join(action, 'dist/store.js');
const env = { PATH: process.env['PATH'] };

/** Runs the command inside `wrap`, for example in a mount namespace. */
function wrapped(wrap: readonly string[], args: readonly string[], script = '"$@"') {
  const [file = '', ...rest] = [...wrap, '/bin/sh', '-c', script, 'sh', process.execPath, bundle, ...args];
  return spawnSync(file, rest, { encoding: 'utf8', env });
}

describe('exit code of the store command that fails', () => {
  it.skipIf(noUser !== '')('is 3 when the store cannot be read or belongs to another user', async () => {
    const root = saveWithRootsFiles(folderOfUser(), ['k'], 1000);
    chownSync(root, 0, 0);
    for (const command of ['stats', 'gc', 'fsck']) {
      const said = await asUser(command, '--root', root);
      expect([said.status, said.stdout]).toEqual([3, '']);
      expect(said.stderr).toMatch(/EACCES.*This user has no permission to do that|belongs to another user/);
      expect(said.stderr).not.toContain('internal error');
    }
    chmodSync(root, 0o755);
    expect(await asUser('gc', '--root', root)).toMatchObject({ status: 3 });
    expect(JSON.parse((await asUser('gc', '--root', root, '--json')).stdout)).toMatchObject({
      error: expect.stringContaining('belongs to another user') as string,
    });
  });

  it('is 3 when the disk is full and no space is reserved', (context) => {
    const disk = mkdtempSync(join(tmpdir(), 'disk-'));
    const wrap = withSmallDisk(disk, '1m');
    if (wrap === undefined) return context.skip('no mounts here');
    // A store of an earlier version on a full disk: no lock can be taken.
    const fill = `mkdir -p ${disk}/v3 ${disk}/staging ${disk}/leases ${disk}/locks ${disk}/quarantine;
      head -c 2m /dev/zero > ${disk}/counted 2>/dev/null; truncate -s 100 ${disk}/counted;
      touch ${disk}/CACHEDIR.TAG ${disk}/reserve; mkdir ${disk}/lost+found; cat /dev/zero > ${disk}/lost+found/fill 2>/dev/null; "$@"`;
    const said = wrapped(wrap, ['gc', '--root', disk], fill);
    expect([said.status, said.stderr]).toEqual([3, expect.stringMatching(/ENOSPC.*The disk is full\.\n$/)]);
  });

  it('is 3 when the machine policy cannot be parsed', async (context) => {
    const root = storeOf(await filled());
    const wrap = withPolicy('cache: { max-size: much }\n');
    if (wrap === undefined) return context.skip('no mounts here');
    const said = wrapped(wrap, ['gc', '--root', root]);
    expect([said.status, said.stdout]).toEqual([3, '']);
    expect(said.stderr).toMatch(/policy\.yml:1:\d+: .*'much'/);
  });

  it('is 1 when fsck leaves a problem in place, and 3 when its output cannot be written', async () => {
    const directory = await filled();
    const file = spawnSync('find', [storeOf(directory), '-path', '*tree-0/sub/a'], {
      encoding: 'utf8',
    }).stdout.trim();
    writeFileSync(file, '');
    const root = storeOf(directory);
    expect((await runCommand(['fsck', '--root', root, '--dry-run'])).status).toBe(1);
    expect((await runCommand(['fsck', '--root', root])).status).toBe(0);
    expect(wrapped([], ['stats', '--root', root], '"$@" > /dev/full').status).toBe(3);
    expect(statSync(root).isDirectory()).toBe(true);
  });

  it('is 2 when it is called without a command outside of a job', () => {
    for (const given of [{}, { GITHUB_ACTIONS: '' }]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bundle], {
        encoding: 'utf8',
        env: { ...env, ...given },
      });
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).not.toContain('::error');
    }
  });
});

describe('output of the store command', () => {
  it('is text or JSON, and contains no workflow command', async () => {
    const directory = await filled({ key: 'x##[add-path]y' });
    const root = storeOf(directory);
    const text = await runCommand(['prune', '--root', root, '--older-than', '0s', '--dry-run']);
    expect(text.stdout).toContain('x##\u200b[add-path]y');
    const json = await runCommand(['prune', '--root', root, '--older-than', '0s', '--dry-run', '--json']);
    expect(json.stdout).not.toContain('##[');
    expect(JSON.parse(json.stdout)).toMatchObject({
      version: 1,
      command: 'prune',
      evicted: [{ key: 'x##[add-path]y' }],
    });
    expect((await runCommand(['--help'])).stdout).toMatch(
      /^usage: runner-actions store, or node store\.js: stats \| gc \| prune \| fsck/,
    );
  });

  it('lists recently used entries, which gc keeps and prune removes', async () => {
    const directory = await filled();
    const root = storeOf(directory);
    const spared = '1 entry or copy is over the limits, but was used in the last ten minutes: not removed';
    for (const args of [['--dry-run'], []])
      expect((await runCommand(['gc', '--root', root, '--max-size', '1B', ...args])).stdout).toContain(
        spared,
      );
    expect((await runCommand(['gc', '--root', root])).stdout).not.toContain('ten minutes');
    await runCommand(['prune', '--root', root, '--key', 'other']);
    expect(keysIn(directory)).toEqual(['k-1']);
    await runCommand(['prune', '--root', root, '--key', 'k-']);
    expect(keysIn(directory)).toEqual([]);
  });

  it('lists entries whose content fsck could not compare', async () => {
    const directory = await filled({ verify: 'full' });
    const root = storeOf(directory);
    const full = await runCommand(['fsck', '--root', root, '--full']);
    expect(full.stdout).not.toContain('digests');
    await job([cache({ key: 'k-2' }), build], { directory });
    expect((await runCommand(['fsck', '--root', root, '--full'])).stdout).toContain(
      "1 of 2 entries has no digests (saved without 'verify: full' or 'pinned'): its content was not compared",
    );
    const json = async (...args: string[]) =>
      JSON.parse((await runCommand(['fsck', '--root', root, '--json', ...args])).stdout) as object;
    expect(await json('--full')).toMatchObject({ withoutDigests: 1 });
    expect(await json()).toMatchObject({ withoutDigests: 0 });
  });

  it('as a workflow step, fails only for wrong inputs', async () => {
    const directory = await filled();
    const root = storeOf(directory);
    const step = (inputs: Record<string, string>) =>
      job([{ action: join(action, 'store'), id: 'cache', with: inputs }], { directory });
    expect((await step({ command: 'gc' })).conclusion).toBe('success');
    expect((await step({ command: 'burn' })).conclusion).toBe('failure');
    // An internal error: the lock cannot be created.
    rmSync(join(root, 'locks'), { recursive: true });
    writeFileSync(join(root, 'locks'), '');
    const own = await step({ command: 'gc' });
    expect([own.conclusion, own.steps[0]?.annotations[0]?.level]).toEqual(['success', 'warning']);
    expect(await runCommand(['gc', '--root', root])).toMatchObject({ status: 3 });
    rmSync(join(root, 'locks'));
    mkdirSync(join(root, 'locks'));
    expect(await runCommand(['gc', '--root', root])).toMatchObject({ status: 0 });
    expect(readdirSync(join(root, 'locks'))).toEqual([]);
  });
});
