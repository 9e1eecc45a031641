import { expect, it } from 'vitest';
import { isRemote, resolveLinks } from '../src/local-path.ts';
import type { Mount } from '../src/mounts.ts';

const links: Record<string, string> = {
  '/home': 'real/home',
  '/real/home/ci': '../../data/./ci',
  '/loop': '/loop',
  '/data/ci/nfs': '/mnt/nfs/ci',
};
const missing = /\/none$/;
const asked: string[] = [];
const readLink = (path: string): string => {
  asked.push(path);
  const code = missing.test(path) ? 'ENOENT' : 'EINVAL';
  return links[path] ?? raise(code);
};
function raise(code: string): never {
  throw Object.assign(new Error(code), { code });
}

const mount = (mountPoint: string, type: string, device: string): Mount => ({
  ...{ device, root: '/', mountPoint, type, source: 'x', options: [] },
});
const mounts = [
  mount('/', 'ext4', '8:1'),
  mount('/mnt/nfs', 'nfs4', '0:40'),
  mount('/work', 'fuse.sshfs', '0:41'),
  mount('/home/other', 'fuse.sshfs', '0:41'),
];

it.each([
  ['/home/ci/x', '/data/ci/x'],
  ['/home/ci/../ci/none/../x', '/data/ci/x'],
  ['/home/ci/none/x', '/data/ci/none/x'],
  ['/loop/x', '/loop/x'],
  ['/home/ci/nfs/y', '/mnt/nfs/ci/y'],
  ['/work/app', '/work/app'],
])('resolves %s to %s', (path, real) => {
  expect(resolveLinks(path, isRemote(mounts, '/work/_work'), readLink)).toBe(real);
});

it('asks nothing of a remote file system, except of the one that is trusted', () => {
  asked.length = 0;
  resolveLinks('/mnt/nfs/ci/models', isRemote(mounts, '/work/_work'), readLink);
  resolveLinks('/work/app', isRemote(mounts, '/work/_work'), readLink);
  resolveLinks('/home/other/a', isRemote(mounts, '/srv'), (path) =>
    path === '/home' ? raise('EINVAL') : readLink(path),
  );
  expect(asked).toEqual(['/mnt', '/work', '/work/app']);
});
