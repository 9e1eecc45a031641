import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { permissionsOf, tablesOf, updateWorkflowPages } from '../workflow-page.ts';

const text = `on:
  workflow_call:
    inputs:
      command: { description: 'a | b', required: true }
      labels: { description: l, default: x }
    secrets:
      token: { description: t }
jobs:
  one:
    permissions:
      contents: read # checkout
      actions: read # runs
  two:
    permissions:
      contents: read # files
`;

describe('the tables of a workflow', () => {
  it('list inputs, secrets, outputs and permissions', () => {
    expect(tablesOf(text).split('\n')).toEqual([
      ...['| input | what it is | default |', '| --- | --- | --- |'],
      ...['| `command` | a \\| b | required |', '| `labels` | l | `x` |', ''],
      ...['| secret | what it is |', '| --- | --- |', '| `token` | t |', ''],
      ...['| permission | what for |', '| --- | --- |'],
      ...['| `contents: read` | checkout; files |', '| `actions: read` | runs |'],
    ]);
  });

  it('list inputs that are the same in another workflow only by name', () => {
    const base = { inputs: { labels: { description: 'l', default: 'x' } } };
    expect(tablesOf(text, base)).toContain(
      'These inputs are the same as in [`hybrid-job.yml`](hybrid-job.md): `labels`.',
    );
    expect(tablesOf(text, base)).not.toContain('| `labels`');
  });

  it('cannot be generated if a permission has no comment', () => {
    expect(() => permissionsOf(text.replace(' # runs', ''))).toThrow(
      "'actions: read' has no comment that says why it is needed",
    );
  });
});

describe('updateWorkflowPages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-pages-'));
  mkdirSync(join(folder, 'docs/workflows'), { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, page: string) => writeFileSync(join(folder, 'docs/workflows', name), page);
  const update = (path: string, check: boolean) => updateWorkflowPages([{ path, text }], { folder, check });

  it('reports a workflow without a page', () =>
    expect(update('a.yml', true)).toEqual(['docs/workflows/a.md is missing: it describes a.yml']));

  it('reports a page without markers for the tables', () => {
    write('b.md', '# b.yml\n');
    expect(update('b.yml', false)).toEqual([
      'docs/workflows/b.md: the markers <!-- b.yml --> and <!-- /b.yml --> are missing',
    ]);
  });

  it('reports stale tables, and writes them into the page', () => {
    write('c.md', '# c.yml\n\n<!-- c.yml -->\n<!-- /c.yml -->\n');
    expect(update('c.yml', true)).toEqual(['docs/workflows/c.md is stale: run `npm run docs`']);
    expect(update('c.yml', false)).toEqual([]);
    expect(update('c.yml', true)).toEqual([]);
    expect(readFileSync(join(folder, 'docs/workflows/c.md'), 'utf8')).toContain('| `labels` | l | `x` |');
  });
});
