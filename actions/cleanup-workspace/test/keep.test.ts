import { matchesGlob } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepByGlobs, keepProtected } from '../src/keep.ts';
import { planWorkspace } from '../src/plan.ts';
import { protectedPaths } from '../src/workspace.ts';

describe('keepByGlobs', () => {
  it.each([
    [['.git'], '.git', true, 'keep'],
    [['.git'], '.git/config', false, 'keep'],
    [['.git'], '.gitignore', false, 'remove'],
    [['node_modules/**'], 'node_modules', true, 'keep'],
    [['node_modules/'], 'node_modules', true, 'keep'],
    [['*.log'], 'a.log', false, 'keep'],
    [['*.log'], 'sub', true, 'remove'],
    [['**/*.log'], 'sub', true, 'look inside'],
    [['**/*.log'], 'sub/deep/a.log', false, 'keep'],
    [['a/b/c'], 'a', true, 'look inside'],
    [['a/b/c'], 'a/b', true, 'look inside'],
    [['a/b/c'], 'a/x', true, 'remove'],
    [['a/b/c'], 'a/b/c', true, 'keep'],
    [['cache', '!cache/tmp'], 'cache', true, 'look inside'],
    [['cache', '!cache/tmp'], 'cache/tmp', true, 'remove'],
    [['cache', '!cache/tmp'], 'cache/good', false, 'keep'],
    [['cache', '!cache/tmp', 'cache/tmp/x'], 'cache/tmp/x', false, 'keep'],
    [['{a,b}'], 'a', true, 'remove'],
    [['+(a|b)'], 'a', true, 'remove'],
    [['a//b/./c'], 'a/b', true, 'look inside'],
    [[], 'anything', true, 'remove'],
    // Names that start with a dot are treated like other names.
    [['node_modules', '!node_modules/.cache'], 'node_modules/.bin', true, 'keep'],
    [['node_modules', '!node_modules/.cache'], 'node_modules/.package-lock.json', false, 'keep'],
    [['node_modules', '!node_modules/.cache'], 'node_modules/a/.x', false, 'keep'],
    [['node_modules', '!node_modules/.cache'], 'node_modules/.cache', true, 'remove'],
    [['.venv', '!.venv/tmp'], '.venv/.lock', false, 'keep'],
    [['build/*'], 'build/.cache', true, 'keep'],
    [['*'], '.git', true, 'keep'],
    [['**/*.log'], '.a', true, 'look inside'],
    [['**/*.log'], '.a/b.log', false, 'keep'],
    [['a', '!a/*'], 'a/.b', false, 'remove'],
    [['a', '!a/*', 'a/.b/c'], 'a/.b', true, 'look inside'],
  ] as [string[], string, boolean, string][])(
    'with the globs %j, %s (directory: %s) gets the verdict: %s',
    (globs, path, isDirectory, verdict) => {
      expect(keepByGlobs(globs)(path, isDirectory)).toBe(verdict);
    },
  );
});

const part = fc.stringMatching(/^[ab.*?]{1,2}$/).filter((text) => !/^\.+$/.test(text));
const path = fc.array(fc.stringMatching(/^\.?[ab]$/), { minLength: 2, maxLength: 4 });
const glob = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.oneof(part, part, fc.constantFrom('**', '.', '', '[ab]')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([removes, parts]) => (removes ? '!' : '') + parts.join('/').replace(/^\/+/, ''));

it('never removes a directory that contains an entry to keep', () => {
  fc.assert(
    fc.property(fc.array(glob, { maxLength: 3 }), path, (globs, parts) => {
      const keep = keepByGlobs(globs);
      fc.pre(keep(parts.join('/'), false) === 'keep');
      for (let depth = 1; depth < parts.length; depth += 1)
        expect(keep(parts.slice(0, depth).join('/'), true)).not.toBe('remove');
    }),
    { numRuns: 300 },
  );
});

it('keeps every path that matches a glob in Node', () => {
  const positive = glob.filter((text) => !text.startsWith('!'));
  fc.assert(
    fc.property(positive, path, (text, parts) => {
      const name = parts.join('/');
      fc.pre(matchesGlob(name, text));
      expect(keepByGlobs([text])(name, false)).toBe('keep');
    }),
    { numRuns: 300 },
  );
});

describe('planWorkspace', () => {
  const found = (name: string, holdsMount = false) => ({ name, isDirectory: true, holdsMount });
  const actionOf = ({ action, inPlace }: { action: string; inPlace: boolean }) =>
    action === 'keep' ? 'keep' : inPlace ? 'in place' : 'move';

  it('moves whole entries, keeps matching ones, and works in place if something must stay', () => {
    const entries = [found('z'), found('kept'), found('mounted', true), found('a')];
    const steps = planWorkspace({ found: entries, isMount: false }, keepByGlobs(['kept', 'a/x']));
    expect(steps.map((step) => [step.what, actionOf(step)])).toEqual([
      ['a', 'in place'],
      ['kept', 'keep'],
      ['mounted', 'in place'],
      ['z', 'move'],
    ]);
    const onMount = planWorkspace({ found: entries, isMount: true }, keepByGlobs(['kept']));
    expect(onMount.map(actionOf)).toEqual(['in place', 'keep', 'in place', 'in place']);
  });

  it('names the policy as the reason for protected entries', () => {
    const listing = { found: [found('a'), found('b'), found('c')], isMount: false };
    const steps = planWorkspace(listing, keepByGlobs(['c']), ['a', 'b/x']);
    expect(steps.map((step) => [actionOf(step), step.why])).toEqual([
      ['keep', "protected by the machine's policy"],
      ['in place', "something in it is protected by the machine's policy"],
      ['keep', 'matches keep'],
    ]);
  });
});

describe('on systems that take several names for one', () => {
  const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];

  it('a glob keeps an entry of macOS however its accents are stored', () => {
    const keeps = (glob: string, path: string, platform: NodeJS.Platform) =>
      keepByGlobs([glob], new Set(), platform)(path, false);
    expect(keeps(composed, decomposed, 'darwin')).toBe('keep');
    expect(keeps(decomposed, `${composed}/x`, 'darwin')).toBe('keep');
    expect(keeps(composed, decomposed, 'linux')).toBe('remove');
  });

  it('a path that the policy protects stays in any case and form on Windows and macOS', () => {
    const verdicts = (platform: NodeJS.Platform) => {
      const keep = keepProtected([`Data/${composed}`], () => 'remove', platform);
      return [keep('data', true), keep(`DATA/${decomposed}`, true), keep('data/other', true)];
    };
    expect(verdicts('darwin')).toEqual(['look inside', 'keep', 'remove']);
    expect(verdicts('win32')).toEqual(['look inside', 'keep', 'remove']);
    expect(verdicts('linux')).toEqual(['remove', 'remove', 'remove']);
  });

  it('a protected path leads to the folder that the system takes for the same', () => {
    expect(protectedPaths(['/srv/CI/_work/App/x'], '/srv/ci/_work/app', 'darwin')).toEqual(['x']);
    expect(protectedPaths(['/srv/CI'], '/srv/ci/_work/app', 'darwin')).toEqual(['']);
    expect(protectedPaths(['/srv/CI/_work/App/x'], '/srv/ci/_work/app', 'linux')).toEqual([]);
  });
});
