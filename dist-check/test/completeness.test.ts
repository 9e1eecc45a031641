import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Inputs, readInputs } from '../../packages/core/src/inputs.ts';
import { listActions, root } from '../actions.ts';
import {
  checkActionTable,
  checkActionTests,
  checkKeys,
  checkWorkflowPages,
  checkWorkflowTable,
  checkWorkflowTests,
} from '../completeness.ts';
import { userWorkflows } from '../user-workflows.ts';

const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const readAll = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => /\.(?:yml|ts)$/.test(name))
    .map((name) => read(folder, name));
const workflows = userWorkflows().map(({ path }) => basename(path));
const schema = JSON.parse(read('docs/schema/runner-config.schema.json')) as object;
const examples = readAll('docs/examples/config').map((text) => parse(text) as unknown);

describe('this repository has everything that is needed', () => {
  it('for each action', () => {
    expect(checkActionTable(read('README.md'), listActions())).toEqual([]);
    const files = globSync('*/test/**/*.ts', { cwd: join(root, 'actions') });
    expect(checkActionTests(files, listActions())).toEqual([]);
  });
  it('for each reusable workflow', () => {
    expect(checkWorkflowTable(read('docs/workflows.md'), workflows)).toEqual([]);
    expect(checkWorkflowPages(readdirSync(join(root, 'docs/workflows')), workflows)).toEqual([]);
    expect(checkWorkflowTests(readAll('dist-check/act/test'), workflows)).toEqual([]);
  });
  it('for each key of the configuration', () => expect(checkKeys(schema, examples)).toEqual([]));
});

describe('the completeness checks', () => {
  it('reports a missing row for an action or a workflow, and a row for one that does not exist', () => {
    const table = '| action |\n| [`old`](actions/old/README.md) | x |\n';
    expect(checkActionTable(table, [{ name: 'new' }])).toEqual([
      "new is not in the table 'The actions' of README.md",
      "the table 'The actions' of README.md has old, which does not exist",
    ]);
    const row = '| [`a.yml`](workflows/a.md) | x |\n';
    expect(checkWorkflowTable(row, ['a.yml', 'b.yml'])).toEqual([
      'b.yml is not in the table of docs/workflows.md',
    ]);
    expect(checkWorkflowTable(`${row}| [\`b.yml\`](workflows/a.md) | x |`, ['a.yml', 'b.yml'])).toEqual([
      'b.yml is not in the table of docs/workflows.md',
    ]);
    expect(checkWorkflowTable(row, [])).toEqual([
      'the table of docs/workflows.md has a.yml, which does not exist',
    ]);
  });

  it('reports a workflow without a page, and a page without a workflow', () =>
    expect(checkWorkflowPages(['a.md', 'old.md'], ['a.yml', 'b.yml'])).toEqual([
      'b.yml has no page in docs/workflows',
      'docs/workflows has a page for old.yml, which does not exist',
    ]));

  it('reports an action whose bundle no test starts', () =>
    expect(
      checkActionTests(['a/test/x.itg.test.ts', 'b/test/x.test.ts'], [{ name: 'a' }, { name: 'b' }]),
    ).toEqual(['b has no *.itg.test.ts in its test folder']));

  it('reports a workflow that no test runs', () =>
    expect(checkWorkflowTests(["callingWorkflow('a.yml')"], ['a.yml', 'b.yml'])).toEqual([
      'b.yml: no test in dist-check/act/test runs this workflow',
    ]));

  it('reports a key without a description or an example', () => {
    const text = { type: 'string', description: 'd' };
    const named = {
      type: 'object',
      additionalProperties: { properties: { size: text, wait: { anyOf: [] } } },
    };
    const pools = { description: 'd', anyOf: [named, { type: 'null' }] };
    const environments = { description: 'd', type: 'object' };
    const given = [{ pools: { desk: { size: 1 } }, environments: { e: { pools: { desk: { wait: 1 } } } } }];
    const keys = { properties: { pools, trust: text, environments } };
    expect(checkKeys(keys, given)).toEqual([
      'pools.<name>.wait has no description',
      'trust is not used in any file of docs/examples/config',
    ]);
  });
});

// An empty input counts as not given. So the default in `action.yml` and the code's default for an empty input must be
// the same.
const requiredInputs: Record<string, string> = {
  token: 'any-token',
  key: 'k',
  path: 'p',
  'runner-token': 'any-runner-token',
};

it.each(listActions())(
  '$name has the same defaults in action.yml and in its code',
  async ({ folder, metadata }) => {
    const source = join(folder, 'src/inputs.ts');
    const { readInputs: readOwn } = (await import(source)) as { readInputs(inputs: Inputs): unknown };
    const declared = Object.entries(metadata.inputs ?? {}).flatMap(([name, input]) =>
      input?.default === undefined || input.default.includes('${{') ? [] : [[name, input.default] as const],
    );
    const given = { ...Object.fromEntries(declared), ...requiredInputs };
    const empty = await readOwn(readInputs((name) => requiredInputs[name] ?? ''));
    expect(await readOwn(readInputs((name) => given[name] ?? ''))).toEqual(empty);
  },
);
