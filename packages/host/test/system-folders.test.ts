import { describe, expect, it } from 'vitest';
import { systemFolderOf } from '../src/index.ts';

const home = '/home/ci';

describe('systemFolderOf', () => {
  it.each([
    ['/', 'is a folder of the system, /'],
    ['/etc', 'is a folder of the system, /etc'],
    ['/etc/runner-actions/cache', 'lies in a folder of the system, /etc'],
    ['/usr/share/cache', 'lies in a folder of the system, /usr'],
    ['/usr/local', 'is a folder of the system, /usr/local'],
    ['/proc/self/cwd', 'lies in a folder of the system, /proc'],
    ['/dev', 'is a folder of the system, /dev'],
    ['/var/cache', 'is a folder of the system, /var/cache'],
    ['/var/cache/../lib/', 'is a folder of the system, /var/lib'],
    ['/home', 'is a folder of the system, /home'],
    [home, 'is the home directory, /home/ci'],
    [`${home}/.ssh/cache`, 'lies in a folder of keys, /home/ci/.ssh'],
    [`${home}/.config/gh`, 'is a folder of keys, /home/ci/.config/gh'],
    [`${home}/.config`, 'contains a folder of keys, /home/ci/.config/gcloud'],
  ])('refuses %s: %s', (path, what) => {
    expect(systemFolderOf(path, home)).toBe(what);
  });

  it('refuses a folder that contains the home directory', () => {
    expect(systemFolderOf('/srv/homes', '/srv/homes/ci')).toBe('contains the home directory, /srv/homes/ci');
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
  ])('allows %s', (path) => {
    expect(systemFolderOf(path, home)).toBeUndefined();
  });
});
