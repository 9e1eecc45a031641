import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import { withSmallDisk } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { asUser, folderOfUser, noUser, saveWithRootsFiles, user } from './ordinary-user.ts';
import { action, cache, filled, job, runCommand, storeOf } from './stage.ts';

interface Result {
  bytes: number;
  entries: number;
  evicted: object[];
  left: { path: string; bytes: number; reason: string }[];
  problems: { folder: string; what: string; done: string }[];
  disk: {
    totalBytes: number;
    parts: Record<string, number>;
    leftovers: { folders: number; bytes: number };
    stuck: { path: string; bytes: number; reason: string }[];
    unread: { path: string; reason: string }[];
  };
}

const du = (path: string): number =>
  Number(execFileSync('du', ['--summarize', '--block-size=1', path], { encoding: 'utf8' }).split('\t')[0]);
const json = ({ stdout }: { stdout: string }): Result => JSON.parse(stdout) as Result;
const sum = (parts: Record<string, number>): number =>
  Object.values(parts).reduce((all, part) => all + part, 0);
const [keys, bytes] = [['k-1', 'k-2', 'k-3'], 1_000_000];

describe.skipIf(noUser !== '')(`root's files in a user's store (${noUser || 'as a user'})`, () => {
  it('are reported by stats and fsck, listed by gc with path and reason, and removed by root', async () => {
    const root = saveWithRootsFiles(folderOfUser(), keys, bytes);
    const before = json(await asUser('stats', '--root', root, '--json'));
    expect(before.disk.totalBytes).toBe(du(root));
    expect(sum(before.disk.parts)).toBe(before.disk.totalBytes);
    expect(before.disk.parts['entries']).toBeGreaterThan(3 * bytes);
    const pruned = await asUser('prune', '--root', root, '--older-than', '0s', '--json');
    expect(pruned.status).toBe(3);
    expect(json(pruned).evicted).toHaveLength(3);
    expect(json(pruned).bytes).toBeLessThan(bytes);
    expect(json(pruned).left).toHaveLength(3);

    const stats = await asUser('stats', '--root', root);
    expect(stats.stdout).toMatch(/: 0 entries, 0 B/);
    expect(stats.stdout).toMatch(/On the disk \(as du counts\): 3\.0 MiB;.* staging 2\.9 MiB/);
    expect(stats.stdout).toMatch(
      /3 folders left by dead jobs, 2\.9 MiB, which gc removes, except 3 \(2\.9 MiB\) that this user cannot remove/,
    );
    const after = json(await asUser('stats', '--root', root, '--json'));
    expect(after.disk.totalBytes).toBe(du(root));
    expect(after.disk.leftovers).toMatchObject({ folders: 3 });
    expect(after.disk.stuck[0]?.reason).toBe('tree-0/out: it belongs to root');

    const fsck = await asUser('fsck', '--root', root, '--json');
    expect([fsck.status, json(fsck).problems.length]).toEqual([1, 3]);
    expect(json(fsck).problems[0]).toMatchObject({ done: 'nothing' });

    const gc = await asUser('gc', '--root', root);
    expect(gc.status).toBe(3);
    expect(gc.stdout).toMatch(
      /3 folders of the store could not be removed \(2\.9 MiB\)\. Their owner or root can remove them with gc/,
    );
    expect(gc.stdout).toMatch(/: tree-0\/out\/file: it belongs to root\n/);
    expect(json(await asUser('gc', '--root', root, '--dry-run', '--json')).left).toHaveLength(3);

    const byRoot = await runCommand(['gc', '--root', root, '--json']);
    expect([byRoot.status, json(byRoot).left]).toEqual([0, []]);
    expect(readdirSync(join(root, 'staging'))).toEqual([]);
    // No file of root remains that could block the user.
    expect(execFileSync('find', [root, '-user', '0'], { encoding: 'utf8' })).toBe('');
    for (const command of ['stats', 'gc', 'fsck'])
      expect((await asUser(command, '--root', root)).status).toBe(0);
  });

  it('are removed by root only inside of the store, even if its owner added symlinks', async () => {
    const folder = folderOfUser();
    const root = saveWithRootsFiles(folder, keys.slice(0, 1), bytes);
    expect((await asUser('prune', '--root', root, '--older-than', '0s')).status).toBe(3);
    const [name = ''] = readdirSync(join(root, 'staging'));
    mkdirSync(join(folder, 'precious', name), { recursive: true });
    writeFileSync(join(folder, 'precious', name, 'file'), '');
    const tree = join(root, 'staging', name, 'tree-0');
    symlinkSync(join(folder, 'precious'), join(tree, 'out/link'));
    // With a symlink in place of the staging folder, the directory does not count as a store.
    execFileSync('mv', [join(root, 'staging'), join(root, 'aside')]);
    symlinkSync(join(folder, 'precious'), join(root, 'staging'));
    await runCommand(['gc', '--root', root]);
    expect(existsSync(join(folder, 'precious', name, 'file'))).toBe(true);
    execFileSync('rm', [join(root, 'staging')]);
    execFileSync('mv', [join(root, 'aside'), join(root, 'staging')]);
    expect((await runCommand(['gc', '--root', root])).status).toBe(0);
    expect(existsSync(join(folder, 'precious', name, 'file'))).toBe(true);
    expect(existsSync(tree)).toBe(false);
  });

  it('are reported as unread when a folder belongs to root, with exit code 3', async () => {
    const root = saveWithRootsFiles(folderOfUser(), keys.slice(0, 1), bytes);
    const [repository = ''] = readdirSync(join(root, 'v3'));
    chmodSync(join(root, 'v3', repository), 0o700);
    chownSync(join(root, 'v3', repository), 0, 0);
    for (const command of ['stats', 'fsck', 'gc']) {
      const said = await asUser(command, '--root', root);
      expect([command, said.status]).toEqual([command, 3]);
      expect(said.stdout).toMatch(new RegExp(`${repository}: .*it belongs to root`));
    }
    expect(json(await asUser('stats', '--root', root, '--json')).disk.unread).toEqual([
      { path: join(root, 'v3', repository), bytes: 0, reason: 'it belongs to root', part: 'index' },
    ]);
    expect(json(await asUser('fsck', '--root', root, '--json')).problems).toMatchObject([{ done: 'unread' }]);
  });

  it('are no problem in lost+found', async () => {
    const root = saveWithRootsFiles(folderOfUser(), [], 0);
    mkdirSync(join(root, 'lost+found'), { recursive: true, mode: 0o700 });
    chownSync(root, user.uid, user.gid);
    saveWithRootsFiles(dirname(root), ['k'], 1000);
    for (const command of ['stats', 'gc', 'fsck'])
      expect([command, await asUser(command, '--root', root)]).toMatchObject([command, { status: 0 }]);
    expect(json(await asUser('stats', '--root', root, '--json')).disk.totalBytes).toBe(du(root));
  });

  it('are no problem in ready copies of other users of a group, in quarantine too', async () => {
    const root = saveWithRootsFiles(folderOfUser(), keys.slice(0, 1), 1000);
    chmodSync(root, 0o2770);
    const entry = dirname(execFileSync('find', [root, '-name', 'entry.json'], { encoding: 'utf8' }).trim());
    for (const folder of [entry, join(root, 'quarantine', randomUUID())]) {
      const copy = join(folder, 'copies', randomUUID());
      mkdirSync(copy, { recursive: true });
      chmodSync(copy, 0o700);
    }
    for (const [command = '', ...args] of [['stats'], ['gc'], ['prune', '--key', 'x'], ['fsck']]) {
      const said = await asUser(command, ...args, '--root', root);
      expect([command, said.status]).toEqual([command, 0]);
      expect(said.stdout).toContain('2 folders in ready copies of other users cannot be read by this user');
      expect(said.stdout).not.toContain('could not be read');
    }
  });

  it('do not send an unreadable entry to quarantine', async () => {
    const root = saveWithRootsFiles(folderOfUser(), keys.slice(0, 1), bytes);
    const entry = execFileSync('find', [root, '-name', 'entry.json'], { encoding: 'utf8' }).trim();
    chmodSync(entry, 0o600);
    chownSync(entry, 0, 0);
    const fsck = await asUser('fsck', '--root', root, '--json');
    expect([fsck.status, json(fsck).problems]).toMatchObject([3, [{ done: 'unread' }]]);
    expect(readdirSync(join(root, 'quarantine'))).toEqual([]);
  });
});

describe('disk usage in stats', () => {
  it('equals that of du, including hard links and the staging folders of running jobs', async () => {
    const directory = await filled();
    await job([cache()], { directory });
    const root = storeOf(directory);
    const mine = join(root, 'staging', `${ownerName(ownerOf(process.pid))}_x`);
    mkdirSync(mine);
    writeFileSync(join(mine, 'file'), Buffer.alloc(50_000));
    execFileSync('ln', [join(mine, 'file'), join(mine, 'again')]);
    execFileSync('truncate', ['--size', '1G', join(mine, 'holes')]);
    const { disk } = json(await runCommand(['stats', '--root', root, '--json']));
    expect(disk.totalBytes).toBe(du(root));
    expect(sum(disk.parts)).toBe(disk.totalBytes);
    expect(disk.parts['copies']).toBeGreaterThan(0);
    expect(disk.parts['staging']).toBeLessThan(1e6);
    // The folder belongs to this process, which is running.
    expect(disk.leftovers).toEqual({ folders: 0, bytes: 0 });
  });

  it('leaves out mounted file systems in the store, and reports them', async (context) => {
    const root = storeOf(await filled());
    const wrap = withSmallDisk(join(root, 'quarantine'), '1m');
    if (wrap === undefined) return context.skip('no mounts here');
    const [node = '', ...args] = [
      ...wrap,
      process.execPath,
      join(action, 'dist/store.js'),
      'stats',
      '--root',
      root,
    ];
    expect(execFileSync('/bin/sh', ['-c', '"$@"; true', 'sh', node, ...args], { encoding: 'utf8' })).toMatch(
      /quarantine: another file system is mounted there/,
    );
  });
});
