import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkRule } from '../../src/plan/link-rule.ts';

const home = mkdtempSync(join(tmpdir(), 'home-'));
const roots = {
  workspace: join(home, 'runner/_work/app/app'),
  home,
  temp: join(home, 'runner/_work/_temp'),
  tool: join(home, 'runner/_work/_tool'),
};
const paths = ['node_modules', '~/.npm', '.git/lfs', '**/out', '!x'];

describe('linkRule: a symlink in an archive', () => {
  const { mayLeadTo, root } = linkRule(join(roots.workspace, 'node_modules'), paths, roots);

  it.each([
    ['a package of the workspace, as npm workspaces make them', join(roots.workspace, 'packages/a')],
    ['another restored path', join(home, '.npm/_cacache/x')],
    ['.git/lfs, if that is restored', join(roots.workspace, '.git/lfs/objects/x')],
    ['the tool cache, as virtual environments do', join(roots.tool, 'Python/3.12/x64/bin/python3')],
    ['a version manager in the home', join(home, '.pyenv/versions/3.12/bin/python')],
    ['a system program', '/usr/bin/python3'],
  ])('may lead to %s', (_what, place) => {
    expect(root).toBe(join(roots.workspace, 'node_modules'));
    expect(mayLeadTo(place)).toBe(true);
  });

  it.each([
    ['.git/hooks', join(roots.workspace, '.git/hooks')],
    ['.git itself', join(roots.workspace, '.git')],
    ['keys in the home', join(home, '.ssh/authorized_keys')],
    ['the home', home],
    ['another workspace', join(home, 'runner/_work/other/other')],
    ['the runner’s own settings', join(home, 'runner/.env')],
    ['a file with a name like a version manager’s folder', join(home, '.nvmrc')],
    ['/proc, with the memory of a job', '/proc/self/environ'],
    ['a folder that anyone can write', join(tmpdir(), 'x')],
    ['the root folder', '/'],
  ])('may not lead to %s', (_what, place) => {
    expect(mayLeadTo(place)).toBe(false);
  });

  it('may lead to places that an ordinary user cannot write, but for root not even to /etc', () => {
    const own = mkdtempSync(join(tmpdir(), 'own-'));
    mkdirSync(join(own, 'x'));
    const ask = (place: string): string => {
      const code = `
        import { linkRule } from ${JSON.stringify(join(import.meta.dirname, '../../src/plan/link-rule.ts'))};
        const { mayLeadTo } = linkRule('/w/app/app/deps', ['deps'], ${JSON.stringify({ ...roots, workspace: '/w/app/app' })});
        console.log(mayLeadTo(${JSON.stringify(place)}));`;
      const isRoot = process.getuid?.() === 0;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
        encoding: 'utf8',
        ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
      });
      return stderr === '' ? stdout.trim() : stderr;
    };
    expect(['/etc/passwd', '/etc/no/such/file', tmpdir(), '/proc/1/environ'].map(ask)).toEqual([
      'true',
      'true',
      'false',
      'false',
    ]);
    if (process.getuid?.() === 0) expect(mayLeadTo('/etc/passwd')).toBe(false);
  });
});
