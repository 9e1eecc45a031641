import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../actions.ts';
import { readCooldown } from '../../supply-chain/judge.ts';

interface Update {
  'package-ecosystem': string;
  directory?: string;
  directories?: string[];
  cooldown?: Record<string, unknown>;
  groups?: Record<string, { patterns: string[] }>;
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { updates } = parse(read('.github/dependabot.yml')) as { updates: Update[] };
const { days } = readCooldown(read('.npmrc'));
const exclude = ['**/node_modules/**'];

it('Dependabot proposes versions for every place where versions are pinned', () => {
  const covered = updates.flatMap(
    ({ 'package-ecosystem': ecosystem, directory, directories = [directory] }) =>
      directories.map((path) => `${ecosystem} ${path}`),
  );
  const foldersOf = (pattern: string) =>
    globSync(pattern, { cwd: root, exclude }).map((path) => join('/', dirname(path)));
  expect(covered.sort()).toEqual(
    [
      ...foldersOf('**/package-lock.json').map((folder) => `npm ${folder}`),
      ...foldersOf('**/requirements.txt').map((folder) => `pip ${folder}`),
      'github-actions /',
      ...foldersOf('.github/actions/*/action.yml').map((folder) => `github-actions ${folder}`),
    ].sort(),
  );
});

it('Dependabot and npm wait for the same time before they take a version', () => {
  expect(days).toBeGreaterThanOrEqual(7);
  // For GitHub Actions, Dependabot rejects any other key. An exclusion would end the cooldown of a package.
  for (const { cooldown } of updates) expect(cooldown).toEqual({ 'default-days': days });
});

it('Dependabot puts all packages that are in bundles into one group', () => {
  const page = read('docs/dependencies.md').split('Only contributors install')[0] ?? '';
  const shipped = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
  expect(shipped.length).toBeGreaterThan(0);
  expect(updates[0]?.groups?.['shipped']?.patterns.toSorted()).toEqual(shipped.sort());
});
