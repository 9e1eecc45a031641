import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { mistakesToError, withoutLinks } from '../../src/strangers/guard-files-io.ts';
import { jobWith } from '../kinds/check-kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
mkdirSync(join(folder, 'real'));
writeFileSync(join(folder, '.npmrc'), 'token\n');
writeFileSync(join(folder, 'real/Brewfile'), 'brew "jq"\n');
chmodSync(join(folder, '.npmrc'), 0o600);
symlinkSync('.npmrc', join(folder, 'Brewfile'));
symlinkSync('real', join(folder, 'away'));

it.each([
  ['a link to a file that a step left', 'Brewfile', 'wrong'],
  ['a file behind a folder that is a link', 'away/Brewfile', 'wrong'],
  ['a file itself', 'real/Brewfile', 'text'],
  ['what is missing', 'none', 'text'],
])('reads of a checkout of a stranger %s: %s is %s', async (_, path, kind) => {
  const files: Files = { read: async () => ({ kind: 'text', text: 'x' }) };
  const guarded = withoutLinks(files, folder);
  expect((await guarded.read({ repository: undefined, ref: undefined, path })).kind).toBe(kind);
});

const problemIn = (file: string) => ({
  file,
  line: 3,
  column: 1,
  path: ['hunter2'],
  found: 's3cret',
  expected: 'x',
});

it.each([
  ['of the manifest', 'm.yml', 'issue_comment', true],
  ['of a version file', 'sub/.nvmrc', 'issue_comment', true],
  ['of a file that it extends', '.npmrc', 'issue_comment', false],
  ['of a file of another repository', 'octo/private:secrets.yml@main', 'issue_comment', false],
  ['of a version file of another repository', 'octo/private:.nvmrc', 'issue_comment', false],
  ['of a file that it extends, in a run of the repository itself', 'base.yml', 'push', true],
])('quotes the mistakes %s: %s, %s: %s', async (_, file, eventName, isQuoted) => {
  const told: string[] = [];
  const annotate = (_level: string, message: string): number => told.push(message);
  const step = { job: jobWith({}, eventName), annotate } as unknown as Step;
  const error = await mistakesToError(step, [problemIn(file), problemIn(file)], 'm.yml');
  told.push(error.message);
  expect(told).toHaveLength(2);
  for (const one of told) {
    expect(one).toContain(`${file}:3:1: `);
    expect(one.includes('s3cret') && one.includes('hunter2')).toBe(isQuoted);
    expect(one.includes('s3cret') || one.includes('hunter2')).toBe(isQuoted);
  }
});
