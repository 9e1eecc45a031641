import { describe, expect, it } from 'vitest';
import { permissionsOf, tablesOf } from '../workflow-page.ts';

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
  it('say all that it takes, gives and may do, and why', () => {
    expect(tablesOf(text).split('\n')).toEqual([
      ...['| input | what it is | default |', '| --- | --- | --- |'],
      ...['| `command` | a \\| b | required |', '| `labels` | l | `x` |', ''],
      ...['| secret | what it is |', '| --- | --- |', '| `token` | t |', ''],
      ...['| permission | what for |', '| --- | --- |'],
      ...['| `contents: read` | checkout; files |', '| `actions: read` | runs |'],
    ]);
  });

  it('name what it shares with another one in a line', () => {
    const base = { inputs: { labels: { description: 'l', default: 'x' } } };
    expect(tablesOf(text, base)).toContain('And of `hybrid-job.yml`: `labels`');
    expect(tablesOf(text, base)).not.toContain('| `labels`');
  });

  it('want a reason beside each permission', () => {
    expect(() => permissionsOf(text.replace(' # runs', ''))).toThrow(
      "'actions: read' has no reason beside it",
    );
  });
});
