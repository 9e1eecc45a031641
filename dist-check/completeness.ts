// Checks that nothing is missing for an action, a workflow or a configuration key. docs/contributing.md lists what each
// of them needs.
import type { Action } from './actions.ts';

/** Returns actions without a row in the table of README.md, and rows for actions that do not exist. */
export function checkActionTable(readme: string, actions: readonly Pick<Action, 'name'>[]): string[] {
  const rows = namesIn(readme, /^\| \[`([\w-]+)`\]\(actions\/\1\/README\.md\) \|/gm);
  return compare(
    actions.map(({ name }) => name),
    rows,
    "the table 'The actions' of README.md",
  );
}

/** Returns actions whose bundle no test starts. @param files paths of test files, relative to `actions` */
export function checkActionTests(
  files: readonly string[],
  actions: readonly Pick<Action, 'name'>[],
): string[] {
  const tested = files.filter((path) => path.endsWith('.itg.test.ts'));
  const missing = actions.filter(({ name }) => !tested.some((path) => path.startsWith(`${name}/test/`)));
  return missing.map(({ name }) => `${name} has no *.itg.test.ts in its test folder`);
}

/** Returns workflows without a row in the overview of docs/workflows.md, and rows for workflows that do not exist. */
export function checkWorkflowTable(page: string, workflows: readonly string[]): string[] {
  const rows = namesIn(page, /^\| \[`(([\w-]+)\.yml)`\]\(workflows\/\2\.md\)/gm);
  return compare(workflows, rows, 'the table of docs/workflows.md');
}

/**
 * Returns workflows without a page, and pages for workflows that do not exist.
 *
 * @param pages names of files in docs/workflows
 */
export function checkWorkflowPages(pages: readonly string[], workflows: readonly string[]): string[] {
  const described = pages.filter((name) => name.endsWith('.md')).map((name) => name.replace(/md$/, 'yml'));
  return [
    ...workflows
      .filter((name) => !described.includes(name))
      .map((name) => `${name} has no page in docs/workflows`),
    ...described
      .filter((name) => !workflows.includes(name))
      .map((name) => `docs/workflows has a page for ${name}, which does not exist`),
  ];
}

/** Returns workflows that no test runs. @param tests the source texts of the tests that run workflows with act */
export function checkWorkflowTests(tests: readonly string[], workflows: readonly string[]): string[] {
  const missing = workflows.filter((name) => !tests.some((text) => text.includes(`'${name}'`)));
  return missing.map((name) => `${name}: no test in dist-check/act/test runs this workflow`);
}

interface Schema {
  description?: string;
  type?: string | string[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
}

/** Returns configuration keys that have no description or that no example uses. @param examples parsed files */
export function checkKeys(schema: Schema, examples: readonly unknown[]): string[] {
  const environments = examples.flatMap((example) =>
    Object.values((example as { environments?: object } | null)?.environments ?? {}),
  );
  return checkLevel(schema, [...examples, ...environments], '');
}

function checkLevel(schema: Schema, values: readonly unknown[], path: string): string[] {
  const { properties = {}, additionalProperties } = withoutNull(schema);
  const own = Object.entries(properties).flatMap(([name, child]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const given = values.flatMap((value) => entryOf(value, name));
    return [
      ...((child.description ?? withoutNull(child).description ?? '') === ''
        ? [`${key} has no description`]
        : []),
      ...(given.length === 0 ? [`${key} is not used in any file of docs/examples/config`] : []),
      ...(key === 'environments' ? [] : checkLevel(child, given, key)),
    ];
  });
  if (typeof additionalProperties !== 'object') return own;
  const named = values.flatMap((value) => Object.values((value ?? {}) as object) as unknown[]);
  return [...own, ...checkLevel(additionalProperties, named, `${path}.<name>`)];
}

function entryOf(value: unknown, name: string): unknown[] {
  const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isMap ? [(value as Record<string, unknown>)[name]] : [];
}

/** Removes the alternative `null` from a schema. Every key accepts it, to delete an inherited value. */
function withoutNull(schema: Schema): Schema {
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null');
  return rest?.length === 1 && rest[0] !== undefined ? rest[0] : schema;
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function compare(wanted: readonly string[], found: readonly string[], where: string): string[] {
  return [
    ...wanted.filter((name) => !found.includes(name)).map((name) => `${name} is not in ${where}`),
    ...found
      .filter((name) => !wanted.includes(name))
      .map((name) => `${where} has ${name}, which does not exist`),
  ];
}
