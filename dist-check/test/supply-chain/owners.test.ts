import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { checkOwners } from '../../supply-chain/owners.ts';

/** Files that decide what runs in CI, what is installed, and what users get. */
const sensitive = globSync(
  [
    '.github/**/*.*',
    '.github/CODEOWNERS',
    '.ci/*',
    'dist-check/**/*.*',
    'actions/*/{action.yml,*/action.yml,package.json,dist/**/*.*}',
    '{packages/*/,}package.json',
    'packages/testing/demo/project/package*.json',
    'package-lock.json',
    '.npmrc',
    'turbo.json',
    'SECURITY.md',
    'docs/security.md',
  ],
  { cwd: root, exclude: ['**/node_modules/**'] },
);

describe('CODEOWNERS', () => {
  it('covers workflows, release scripts, lock files, bundles and what else decides about a release', () => {
    for (const path of [
      '.github/workflows/ci.yml',
      '.ci/run',
      'dist-check/release/cli.ts',
      'package-lock.json',
      'packages/testing/demo/project/package-lock.json',
      'actions/select-runner/dist/index.js',
      'actions/restore-local-cache/save/action.yml',
    ])
      expect(sensitive).toContain(path);
    expect(checkOwners(readFileSync(join(root, '.github/CODEOWNERS'), 'utf8'), sensitive)).toEqual([]);
  });

  const check = (rules: string, ...paths: string[]) => checkOwners(rules, paths);

  it.each([
    ['/.github/ @org/team', '.github/workflows/ci.yml'],
    ['/package.json @org/team', 'package.json'],
    ['/actions/*/dist/ @org/team # bundles', 'actions/one/dist/chunks/two.js'],
    ['/actions/*/action.yml @org/team', 'actions/one/action.yml'],
    ['# a comment\n\n/.ci @org/team', '.ci/run'],
  ])("finds the owner in '%s'", (rules, path) => expect(check(rules, path)).toEqual([]));

  it.each([
    ['/package.json @org/team', 'packages/one/package.json'],
    ['/dist/ @org/team', 'actions/one/dist/index.js'],
    ['/actions/*/dist/ @org/team', 'actions/one/two/dist/index.js'],
    ['/package.json @org/team', 'packageXjson'],
    ['/.ci/ @org/team\n/.ci/run', '.ci/run'],
    ['', '.ci/run'],
  ])("finds no owner in '%s' for %s", (rules, path) =>
    expect(check(rules, path)).toContain(`${path} has no owner`),
  );

  it.each([
    ['/gone/ @org/team', '/gone/ matches no sensitive file'],
    ['dist/ @org/team', 'dist/: this form of rule is not supported'],
    ['/actions/**/dist @org/team', '/actions/**/dist: this form of rule is not supported'],
    ['/.ci/ alice@example.com', '/.ci/: alice@example.com is not a team'],
    ['/.ci/ @alice', '/.ci/: @alice is not a team'],
  ])("reports '%s'", (rules, problem) =>
    expect(check(`/.ci/ @org/team\n${rules}`, '.ci/run')).toContain(problem),
  );
});
