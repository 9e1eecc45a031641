import { describe, expect, it } from 'vitest';
import { type Permissions, refusalOf } from '../../src/install/refusal.ts';
import {
  argumentsToRun,
  installRemedy,
  remedyText,
} from '../../src/machine-facts/packages/install-command.ts';

const planOf = (manager: 'apt' | 'npm') => ({
  rounds: [[{ ...installRemedy(manager, ['x']), meets: ['package x'] }]],
  left: [],
});
const allowed: Permissions = { trusted: true, forbiddenBy: undefined, isRoot: false, sudoProblem: undefined };

describe('a refusal to install', () => {
  it.each<[string, Partial<Permissions>, 'apt' | 'npm', string]>([
    ['an untrusted event', { trusted: false }, 'npm', 'the event is untrusted'],
    [
      'a policy that forbids it',
      { forbiddenBy: '/p.yml', isRoot: true },
      'npm',
      '/p.yml says `install: forbidden`',
    ],
    ['no sudo', { sudoProblem: 'ENOENT' }, 'apt', '`sudo -n true` does not work (ENOENT)'],
  ])('is told for %s, with the exact command', (_, given, manager, why) => {
    const refusal = refusalOf(planOf(manager), { ...allowed, ...given });
    expect(refusal?.text).toContain(why);
    expect(refusal?.commands).toEqual([remedyText(installRemedy(manager, ['x']))]);
  });

  it.each<[string, Partial<Permissions>, 'apt' | 'npm']>([
    ['sudo works', {}, 'apt'],
    ['the user is root', { isRoot: true, sudoProblem: 'ENOENT' }, 'apt'],
    ['nothing needs root', { sudoProblem: 'ENOENT' }, 'npm'],
  ])('is not told if %s', (_, given, manager) => {
    expect(refusalOf(planOf(manager), { ...allowed, ...given })).toBeUndefined();
  });
});

describe('a command', () => {
  it('has sudo only for a user that is not root', () => {
    const remedy = installRemedy('apt', ['x']);
    expect(argumentsToRun(remedy, true).slice(0, 1)).toEqual(['apt-get']);
    expect(argumentsToRun(remedy, false).slice(0, 2)).toEqual(['sudo', 'apt-get']);
    expect(argumentsToRun(installRemedy('npm', ['x']), true)).toEqual(['npm', 'install', '-g', 'x']);
  });

  it('is shown so that a shell reads the same arguments', () => {
    expect(remedyText({ command: ['npm'], packages: ["x@>=1 || it's"] })).toBe(`npm 'x@>=1 || it'\\''s'`);
  });
});
