import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { listPackages } from '../../src/machine-facts/packages/list-packages-io.ts';
import { folderWith } from './temporary-files.ts';

async function list(
  manager: 'apt' | 'apk' | 'brew',
  environment: Record<string, string>,
  root: string,
  only: 'all' | 'chosen' = 'all',
) {
  const query = { environment, deadline: startDeadline(10_000), names: [] };
  const listed = await listPackages(manager, query, only, root);
  if ('unknown' in listed) throw new Error(listed.unknown);
  return { names: listed.packages.map(({ asked, version }) => `${asked} ${version}`), note: listed.note };
}

describe('all packages of a machine', () => {
  it('of dpkg, those of another architecture with it, and without what apt marked', async () => {
    const entry = (name: string, architecture: string) =>
      `Package: ${name}\nStatus: install ok installed\nVersion: 1-1\nArchitecture: ${architecture}\n`;
    const status = [entry('dpkg', 'amd64'), entry('zlib1g', 'i386'), entry('tzdata', 'all')].join('\n');
    const states = 'Package: tzdata\nArchitecture: amd64\nAuto-Installed: 1\n';
    const root = await folderWith({ 'var/lib/dpkg/status': status, 'var/lib/apt/extended_states': states });
    const environment = { DPKG_ROOT: root };
    expect(await list('apt', environment, root)).toMatchObject({
      names: ['dpkg 1-1', 'zlib1g:i386 1-1', 'tzdata 1-1'],
    });
    expect(await list('apt', environment, root, 'chosen')).toMatchObject({
      names: ['dpkg 1-1', 'zlib1g:i386 1-1'],
    });
  });

  it('of Homebrew, by its folders, and all of them where only chosen ones are wanted', async () => {
    const prefix = await folderWith({ 'Cellar/loose/1.0/x': '', 'Caskroom/docker/4.27.1/x': '' });
    const { names, note } = await list('brew', { HOMEBREW_PREFIX: prefix }, '/', 'chosen');
    expect(names).toEqual(['loose 1.0', 'docker 4.27.1']);
    expect(note).toBe('brew does not tell here which packages somebody chose, so all packages are listed');
  });
});
