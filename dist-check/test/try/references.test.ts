import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { collectReferences, ownReference, planSources, stubbed } from '../../try/references.ts';
import { shippedPaths } from '../../try/release.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'references-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const start = '.github/workflows/ci.yml';
const shipped = ['select-runner', 'restore-local-cache/save', '.github/workflows/hybrid-job.yml'];

/** Plans the sources of a workflow whose job has these steps. */
function plan(uses: string[], files: Record<string, string> = {}) {
  const steps = uses.map((one) => `      - uses: ${one}\n`).join('');
  const all = { [start]: `on: push\njobs:\n  a:\n    steps:\n${steps}`, ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return planSources(collectReferences(folder, start), folder, shipped);
}

describe('the sources of actions', () => {
  it('are the release for this project, in a repository of any owner', () => {
    const { own, mistakes } = plan([
      'org/runner-actions/select-runner@v1',
      'acme/runner-actions/restore-local-cache/save@v2.1',
      'acme/runner-actions/.github/workflows/hybrid-job.yml@v2.1',
    ]);
    expect(own).toEqual(['acme/runner-actions@v2.1', 'org/runner-actions@v1']);
    expect(mistakes).toEqual([]);
  });

  it('are stubs for some actions of GitHub, at any ref, and github.com for all others', () => {
    expect(plan(['actions/checkout@v4', 'actions/setup-node@v4', 'actions/cache/save@v4'])).toMatchObject({
      stubs: ['actions/checkout@v4'],
      fetched: ['actions/cache@v4', 'actions/setup-node@v4'],
    });
  });

  it('are found in workflows and actions of the same repository', () => {
    const { fetched } = plan(['./.github/actions/setup'], {
      '.github/actions/setup/action.yml':
        'runs: { steps: [{ uses: a/b@v1 }, { uses: ./.github/workflows/x.yml }] }',
      '.github/workflows/x.yml': 'jobs: { a: { uses: c/d/.github/workflows/y.yml@v1 } }',
    });
    expect(fetched).toEqual(['a/b@v1', 'c/d@v1']);
  });

  it('are Docker for images', () => {
    expect(plan(['docker://alpine:3']).images).toEqual(['docker://alpine:3']);
  });

  it.each([
    [
      'org/runner-actions/actions/select-runner@v1',
      "a release has no 'actions/select-runner'. Did you mean 'select-runner'?",
    ],
    ['org/runner-actions/select-runer@v1', "Did you mean 'select-runner'?"],
    ['./.github/actions/none', 'does not exist in the repository'],
    ['./../other', 'does not exist in the repository'],
    ['checkout@v4', 'does not have the form OWNER/NAME@REF'],
  ])('are a mistake with its line for %s', (uses, message) => {
    const { mistakes } = plan(['actions/checkout@v4', uses]);
    expect(mistakes).toEqual([expect.stringContaining(message)]);
    expect(mistakes[0]).toMatch(/^\.github\/workflows\/ci\.yml:6: /);
  });

  it('allow the long path of an action at a commit, which can be one of the source', () => {
    expect(plan([`org/runner-actions/actions/select-runner@${'a'.repeat(40)}`]).mistakes).toEqual([]);
  });
});

describe('ownReference', () => {
  it('does not take another repository for this project', () => {
    expect(ownReference('org/runner-actions-fork/select-runner@v1')).toBeUndefined();
    expect(ownReference('org/other/runner-actions@v1')).toBeUndefined();
  });
});

describe('what this project has', () => {
  it('includes the root action, actions, their parts and reusable workflows', () => {
    expect(shippedPaths()).toEqual(
      expect.arrayContaining([
        '',
        'select-runner',
        'restore-local-cache/save',
        '.github/workflows/hybrid-job.yml',
      ]),
    );
    expect(shippedPaths()).not.toContain('.github/workflows/ci.yml');
  });

  it('includes a stub for each action that is named as one', () => {
    const stubs = join(root, 'dist-check/try/stubs');
    expect(stubbed.filter((name) => !existsSync(join(stubs, basename(name), 'action.yml')))).toEqual([]);
  });
});
