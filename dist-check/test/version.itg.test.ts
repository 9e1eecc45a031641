// Creates versions in a small repository, with the real Changesets and npm.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { root } from '../actions.ts';
import { releaseNotes, releaseProblems } from '../publish/check.ts';
import { createVersion, pendingChangesets } from '../publish/version.ts';

const folder = mkdtempSync(join(tmpdir(), 'version-'));
afterAll(() => rmSync(folder, { recursive: true }));
// Nothing here needs a registry.
beforeEach(() => void vi.stubEnv('npm_config_offline', 'true'));

let made = 0;
/** Creates a source with the actions `one` and `two`, a package that both need, and these changesets. */
function source(version: string, changesets: Record<string, string>): string {
  made += 1;
  const at = join(folder, String(made));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  };
  const workspaces = ['packages/*', 'actions/*', 'dist-check'];
  write('package-lock.json', JSON.stringify({ name: 'all', version, lockfileVersion: 3, packages: {} }));
  write('package.json', JSON.stringify({ name: 'all', version, type: 'module', workspaces }, null, 2));
  for (const path of ['packages/core', 'actions/one', 'actions/two', 'dist-check']) {
    const dependencies = path.startsWith('actions/') ? { '@runner-actions/core': version } : {};
    const name = `@runner-actions/${path.split('/').at(-1)}`;
    write(`${path}/package.json`, JSON.stringify({ name, version, private: true, dependencies }));
  }
  for (const name of ['config.json', 'changelog.js'])
    cpSync(join(root, '.changeset', name), join(at, '.changeset', name));
  for (const [name, text] of Object.entries(changesets)) write(`.changeset/${name}.md`, text);
  symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'));
  return at;
}

const changeset = (bump: string, text: string, ...names: string[]) =>
  `---\n${names.map((name) => `'@runner-actions/${name}': ${bump}\n`).join('')}---\n\n${text}\n`;
const textOf = (at: string, path: string) => readFileSync(join(at, path), 'utf8');
const versionsOf = (at: string) =>
  ['package.json', 'package-lock.json', 'packages/core/package.json', 'dist-check/package.json'].map(
    (path) => (JSON.parse(textOf(at, path)) as { version: string }).version,
  );

describe('createVersion', () => {
  it('creates a version of all packages, with changelogs of the actions only', () => {
    const at = source('1.2.3', {
      'a-fix': changeset('patch', 'A fix.\n\nMore about it.', 'one'),
      'a-part': changeset('minor', 'A new part.', 'one', 'two'),
    });
    expect(createVersion(at)).toBe('1.3.0');
    expect(versionsOf(at)).toEqual(['1.3.0', '1.3.0', '1.3.0', '1.3.0']);
    const { packages } = JSON.parse(textOf(at, 'package-lock.json')) as { packages: object };
    expect(packages).toMatchObject({
      'actions/one': { version: '1.3.0', dependencies: { '@runner-actions/core': '1.3.0' } },
    });
    expect(textOf(at, 'actions/one/CHANGELOG.md')).toBe(
      '# @runner-actions/one\n\n## 1.3.0\n\n### Minor Changes\n\n- A new part.\n\n### Patch Changes\n\n- A fix.\n\n  More about it.\n',
    );
    for (const path of ['packages/core', 'dist-check'])
      expect(existsSync(join(at, path, 'CHANGELOG.md'))).toBe(false);
    expect([pendingChangesets(at), releaseProblems(at)]).toEqual([[], []]);
    expect(() => createVersion(at)).toThrow('There is no changeset in .changeset');
  });

  it('tells the readers of the first release only what describes it', () => {
    const at = source('0.1.0', {
      'first-release': changeset('major', 'First release.', 'one', 'two'),
      'first-release-two': changeset('major', 'Does two things.', 'two'),
      'a-name': changeset('minor', 'The input was renamed.', 'one'),
    });
    expect(createVersion(at)).toBe('1.0.0');
    expect(releaseNotes(at, '1.0.0')).toBe(
      '### Major Changes\n\n- **one, two**: First release.\n- **two**: Does two things.',
    );
    expect([pendingChangesets(at), releaseProblems(at)]).toEqual([[], []]);
  });

  it('refuses a changeset that names a package, and changes nothing', () => {
    const at = source('0.1.0', {
      'first-release': changeset('major', 'First release.', 'one'),
      'a-package': changeset('minor', 'x', 'core'),
    });
    expect(() => createVersion(at)).toThrow(
      /a-package\.md names @runner-actions\/core, which has no changelog/,
    );
    expect(pendingChangesets(at)).toHaveLength(2);
  });
});
