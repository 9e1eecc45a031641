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

/** The command in a mount namespace, or wherever `wrap` leads. */
function wrapped(wrap: readonly string[], args: readonly string[], script = '"$@"') {
  const [file = '', ...rest] = [...wrap, '/bin/sh', '-c', script, 'sh', process.execPath, bundle, ...args];
  return spawnSync(file, rest, { encoding: 'utf8', env });
}

describe('a command that fails does not end well', () => {
  it.skipIf(noUser !== '')('where the store cannot be read, or is another user’s', async () => {
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

  it('where the disk is full, and nothing is reserved', (context) => {
    const disk = mkdtempSync(join(tmpdir(), 'disk-'));
    const wrap = withSmallDisk(disk, '1m');
    if (wrap === undefined) return context.skip('no mounts here');
    // An old store without one byte left: no lock can be taken.
    const fill = `mkdir -p ${disk}/v3 ${disk}/staging ${disk}/leases ${disk}/locks ${disk}/quarantine;
      head -c 2m /dev/zero > ${disk}/counted 2>/dev/null; truncate -s 100 ${disk}/counted;
      touch ${disk}/CACHEDIR.TAG ${disk}/reserve; mkdir ${disk}/lost+found; cat /dev/zero > ${disk}/lost+found/fill 2>/dev/null; "$@"`;
    const said = wrapped(wrap, ['gc', '--root', disk], fill);
    expect([said.status, said.stderr]).toEqual([3, expect.stringMatching(/ENOSPC.*The disk is full\.\n$/)]);
  });

  it('where the policy of the machine cannot be read', async (context) => {
    const root = storeOf(await filled());
    const wrap = withPolicy('cache: { max-size: much }\n');
    if (wrap === undefined) return context.skip('no mounts here');
    const said = wrapped(wrap, ['gc', '--root', root]);
    expect([said.status, said.stdout]).toEqual([3, '']);
    expect(said.stderr).toMatch(/policy\.yml:1:\d+: .*'much'/);
  });

  it('where fsck finds what stays, and where its answer cannot be written', async () => {
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

  it('where it is called without a command, outside of a job', () => {
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

describe('what a command says', () => {
  it('is for people, or for machines, and no command of the runner', async () => {
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
      /^usage: node store\.js stats \| gc \| prune \| fsck/,
    );
  });

  it('has what was used in the last ten minutes, which gc spares, and prune does not', async () => {
    const directory = await filled();
    const root = storeOf(directory);
    const spared = '1 entry or copy is over the bounds, but was used in the last ten minutes: not removed';
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

  it('has entries whose content fsck could not compare', async () => {
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

  it('ends a step of a workflow by the rules of an action', async () => {
    const directory = await filled();
    const root = storeOf(directory);
    const step = (inputs: Record<string, string>) =>
      job([{ action: join(action, 'store'), id: 'cache', with: inputs }], { directory });
    expect((await step({ command: 'gc' })).conclusion).toBe('success');
    expect((await step({ command: 'burn' })).conclusion).toBe('failure');
    // Our own failure: a lock that cannot be made.
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
