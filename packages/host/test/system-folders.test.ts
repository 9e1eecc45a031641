import { describe, expect, it } from 'vitest';
import { systemFolderOf } from '../src/index.ts';

const home = '/home/ci';

describe('systemFolderOf', () => {
  it.each([
    ['/', 'a folder of the system, /'],
    ['/etc', 'a folder of the system, /etc'],
    ['/etc/runner-actions/cache', 'a folder of the system, /etc'],
    ['/usr/share/cache', 'a folder of the system, /usr'],
    ['/usr/local', 'a folder of the system, /usr/local'],
    ['/proc/self/cwd', 'a folder of the system, /proc'],
    ['/dev', 'a folder of the system, /dev'],
    ['/var/cache', 'a folder of the system, /var/cache'],
    ['/var/cache/../lib/', 'a folder of the system, /var/lib'],
    ['/home', 'a folder of the system, /home'],
    [home, 'the home directory, /home/ci, or a folder that it is in'],
    [`${home}/.ssh/cache`, 'a folder of keys, /home/ci/.ssh'],
    [`${home}/.config/gh`, 'a folder of keys, /home/ci/.config/gh'],
  ])('%s is one', (path, what) => {
    expect(systemFolderOf(path, home)).toBe(what);
  });

  it.each([
    '/var/cache/runner-actions',
    '/opt/cache',
    '/srv/cache',
    '/mnt',
    '/data',
    '/dev/shm/cache',
    '/usr/local/cache',
    '/etcetera',
    `${home}/cache`,
    `${home}/.cache/runner-actions`,
    `${home}/.sshd`,
  ])('%s is none', (path) => {
    expect(systemFolderOf(path, home)).toBeUndefined();
  });
});
