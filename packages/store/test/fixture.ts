import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import {
  type Entry,
  findEntry,
  type Lease,
  pathFromText,
  openStore,
  type restoreEntry,
  saveEntry,
  type Space,
  type Store,
  spaceVersion,
  type LinkRule,
} from '../src/index.ts';
import type { SaveOptions } from '../src/save-options.ts';
import type { RestoreOptions } from '../src/restore-task.ts';

export const space = (change: Partial<Space> = {}): Space => ({
  host: 'github.com',
  repositoryId: '1',
  scope: 'refs/heads/main',
  version: spaceVersion(['d'], ['Linux', 'X64']),
  ...change,
});

export function make() {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'sub'), { recursive: true });
  writeFileSync(join(tree, 'sub/file'), 'content');
  return { folder, tree, store: openStore(join(folder, 'store')), target: join(folder, 'restored/tree') };
}

/** For trees that will be at `/w/app/deps`: symlinks may lead into `/w/app`, and to programs. */
export const links: LinkRule = {
  root: '/w/app/deps',
  mayLeadTo: (place) => ['/w/app/', '/usr/'].some((folder) => `${place}/`.startsWith(folder)),
};

/** The source for the nth requested path. */
export const tree0 = (path: string, nth = 0) => ({
  path: pathFromText(path),
  place: { path: nth, below: '' },
});

/** Saves a copy of the tree under `key`. */
export function save(
  store: Store,
  key: string,
  path: string,
  change: Partial<SaveOptions> = {},
  where = space(),
) {
  return saveEntry(store, where, key, [tree0(path)], { repository: 'octo/app', ...change });
}

export const find = (store: Store, key: string, restoreKeys: string[] = []): Entry | undefined =>
  findEntry(store, [space()], key, restoreKeys);

export const get = (store: Store, key: string): Entry => {
  const entry = find(store, key);
  if (entry === undefined) throw new Error(`there is no entry ${key}`);
  return entry;
};

export const found = (entry: Entry | undefined) => entry?.metadata.key;

/** The job is this process. */
export const options = (change: Partial<RestoreOptions> = {}): RestoreOptions => ({
  mode: 'auto',
  isImmutable: () => false,
  onExisting: 'replace',
  verify: 'stat',
  job: ownerOf(process.pid),
  readyCopies: 4,
  ...change,
});

/**
 * Returns the lease of a restore.
 * @throws Error if there is none
 */
export function leaseOf(result: ReturnType<typeof restoreEntry>): Lease {
  if (result.outcome !== 'restored' || result.lease === undefined) throw new Error('no lease');
  return result.lease;
}

/** Lists a tree with `find`: type, mode, time in seconds, size, link target, name. */
export function listing(path: string): string {
  const format = '%y %m %T@ %s %l %P\\0';
  return execFileSync(
    'find',
    [path, '-mindepth', '1', '-type', 'd', '-printf', '%y %m %T@ %P\\0', '-o', '-printf', format],
    { encoding: 'latin1' },
  )
    .split('\0')
    .map((line) => line.replace(/(?<=^\w \d+ )\d+\.\d+/, (time) => time.split('.', 1)[0] ?? ''))
    .sort()
    .join('\n');
}
