import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { releaseNotes, releaseProblems } from '../publish/check.ts';
import { onlyBundled } from '../publish/sbom.ts';
import { createVersion } from '../publish/version.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const version = (text: string): string => JSON.stringify({ version: text });
const files = {
  'actions/one/package.json': version('1.2.0'),
  'actions/two/package.json': version('1.2.0'),
  'packages/core/package.json': version('1.2.0'),
  'dist-check/package.json': version('1.2.0'),
  '.changeset/config.json': '{}',
  '.changeset/README.md': '',
  'actions/one/CHANGELOG.md':
    '# one\n\n## 1.2.0\n\n### Minor Changes\n\n- Both.\n  Two lines.\n- Only one.\n\n## 1.1.0\n\n### Patch Changes\n\n- Old.\n',
  'actions/two/CHANGELOG.md':
    '# two\n\n## 1.2.0\n\n### Major Changes\n\n- Breaks.\n\n### Minor Changes\n\n- Both.\n  Two lines.\n',
};

function source(change: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'publish-'));
  folders.push(root);
  for (const [path, text] of Object.entries({ ...files, ...change })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('the source of a release', () => {
  it('can be released with one version, its changelog and no changeset', () => {
    expect(releaseProblems(source())).toEqual([]);
  });

  it.each([
    ['a changeset is left', { '.changeset/x.md': '' }, /1 changesets are not part of a version yet: x\.md/],
    [
      'the version is before 1.0.0',
      Object.fromEntries(
        Object.keys(files)
          .filter((path) => path.endsWith('package.json'))
          .map((path) => [path, version('0.9.0')]),
      ),
      /from 1\.0\.0 on/,
    ],
    [
      'no changelog has the version',
      { 'actions/one/CHANGELOG.md': '# one\n', 'actions/two/CHANGELOG.md': '## 1.2.0-beta\n\n- x\n' },
      /No CHANGELOG\.md of an action has a section for 1\.2\.0/,
    ],
  ])('cannot be released while %s', (_case, change, message) => {
    const problems = releaseProblems(source(change));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('cannot be released while its packages have several versions', () => {
    const root = source({ 'packages/core/package.json': version('1.1.9') });
    expect(() => releaseProblems(root)).toThrow(
      /versions of the packages differ[^]*1\.1\.9 in packages\/core/,
    );
  });

  it.each([
    ['there is no changeset', {}, /There is no changeset/],
    [
      'a changeset names a package without a changelog for users',
      {
        '.changeset/x.md': "---\n'@runner-actions/one': minor\n'@runner-actions/core': patch\n---\n\nText.\n",
      },
      /\.changeset\/x\.md names @runner-actions\/core.*Name the actions/,
    ],
  ])('gets no version if %s', (_case, change, message) => {
    expect(() => createVersion(source(change as Record<string, string>))).toThrow(message);
  });

  it('has notes in which an entry of several actions appears once, under its title', () => {
    expect(releaseNotes(source(), '1.2.0')).toBe(
      '### Major Changes\n\n- **two**: Breaks.\n\n' +
        '### Minor Changes\n\n- **one, two**: Both.\n  Two lines.\n- **one**: Only one.',
    );
  });
});

describe('the software bill of materials', () => {
  const component = (name: string, group?: string) => ({
    ...{ name, version: '1.0.0', 'bom-ref': `${name}@1.0.0` },
    ...(group === undefined ? {} : { group }),
  });
  const sbom = {
    serialNumber: 'urn:uuid:random',
    metadata: { timestamp: 'now', component: { 'bom-ref': 'root', name: 'a-folder' } },
    components: [component('a'), component('b', '@x'), component('tool')],
    dependencies: [
      { ref: 'root', dependsOn: ['a@1.0.0', 'tool@1.0.0'] },
      { ref: 'tool@1.0.0', dependsOn: ['a@1.0.0'] },
      { ref: 'a@1.0.0' },
    ],
  };
  const kept = onlyBundled(sbom, ['a 1.0.0', '@x/b 1.0.0'], '2026-01-02T03:04:05Z');

  it('lists what bundles contain and nothing else, always with the same text', () => {
    expect(kept.components).toEqual([component('a'), component('b', '@x')]);
    expect(kept.dependencies).toEqual([
      { ref: 'root', dependsOn: ['a@1.0.0'] },
      { ref: 'a@1.0.0', dependsOn: [] },
    ]);
    expect(kept.metadata).toMatchObject({
      timestamp: '2026-01-02T03:04:05Z',
      component: { name: 'runner-actions' },
    });
    expect(kept.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  it('is refused if npm does not list a package that a bundle contains', () => {
    expect(() => onlyBundled(sbom, ['a 2.0.0'], '')).toThrow(/npm does not list these packages.* a 2\.0\.0/);
  });
});
