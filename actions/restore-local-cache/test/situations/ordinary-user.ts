import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { action, runCommand } from './stage.ts';

/** The user that runs jobs. Tests as root would not notice missing permissions. */
export const user = { uid: 4241, gid: 4242 };

/** Why tests cannot run as this user; otherwise empty. */
export const noUser =
  process.getuid?.() !== 0
    ? 'not root'
    : spawnSync(process.execPath, ['--check', join(action, 'dist/store.js')], { ...user, cwd: '/' })
          .status === 0
      ? ''
      : 'the user may not read the bundle';

/** Creates a folder that the user owns and can reach. */
export function folderOfUser(): string {
  const folder = mkdtempSync(join(tmpdir(), 'user-'));
  for (let up = folder; up !== dirname(up); up = dirname(up))
    if (up.startsWith(tmpdir())) chmodSync(up, (lstatSync(up).mode & 0o7777) | 0o055);
  chownSync(folder, user.uid, user.gid);
  return folder;
}

/** Runs the store command as this user. */
export const asUser = (...args: string[]) => runCommand(args, { ...user, cwd: '/' });

const store = join(action, '../../packages/store/src/index.ts');

/**
 * Saves a tree for each key as the user, by moving it as at the end of a job. The trees contain files that a container
 * created as root.
 */
export function saveWithRootsFiles(folder: string, keys: readonly string[], bytes: number): string {
  const root = join(folder, 'store');
  for (const key of keys) {
    const tree = join(folder, key);
    mkdirSync(join(tree, 'out'), { recursive: true });
    chownSync(tree, user.uid, user.gid);
    spawnSync('dd', ['if=/dev/zero', `of=${join(tree, 'out/file')}`, `bs=${bytes}`, 'count=1']);
    chmodSync(join(tree, 'out/file'), 0o644);
    const code = `const store = await import(${JSON.stringify(store)});
      store.saveEntry(store.openStore(${JSON.stringify(root)}),
        { host: 'github.com', repositoryId: '1', scope: 'main', version: ${JSON.stringify('a'.repeat(64))} }, ${JSON.stringify(key)},
        [{ path: ${JSON.stringify(tree)}, place: { path: 0, below: '' } }], { repository: 'octo/app', move: true });`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      ...user,
      cwd: '/',
      encoding: 'utf8',
    });
    if (stderr !== '') throw new Error(stderr);
  }
  return root;
}
