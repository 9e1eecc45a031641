import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, openStore, type Space, versionOf } from '../src/index.ts';

export const space = (change: Partial<Space> = {}): Space => ({
  host: 'github.com',
  repositoryId: '1',
  scope: 'refs/heads/main',
  version: versionOf(['d'], 'Linux', 'X64'),
  ...change,
});

export function make() {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'sub'), { recursive: true });
  writeFileSync(join(tree, 'sub/file'), 'content');
  return { folder, tree, store: openStore(join(folder, 'store')), target: join(folder, 'restored/tree') };
}
export const bytes = (path: string) => Buffer.from(path);
/** What to save: the nth path asked for. */
export const tree0 = (path: string, nth = 0) => ({ path: bytes(path), place: { path: nth, below: '' } });
export const found = (entry: Entry | undefined) => entry?.metadata.key;

/** What `find` says of a tree: type, mode, time, size, link, name. */
export function listing(path: string): string {
  const format = '%y %m %Ts %s %l %P\\0';
  return execFileSync(
    'find',
    [path, '-mindepth', '1', '-type', 'd', '-printf', '%y %m %Ts %P\\0', '-o', '-printf', format],
    { encoding: 'latin1' },
  )
    .split('\0')
    .sort()
    .join('\n');
}
