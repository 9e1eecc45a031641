// Generates the tables in docs/workflows/*.md. Each reusable workflow has one page. `npm run docs` writes the tables,
// `npm run docs:check` fails if they are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { root } from './actions.ts';
import { code, replace, table } from './readme.ts';
import type { Template } from './release/workflows.ts';
import { userWorkflows } from './user-workflows.ts';

interface Entry {
  description?: string;
  default?: unknown;
  required?: boolean;
}

interface Call {
  inputs?: Record<string, Entry>;
  secrets?: Record<string, Entry>;
  outputs?: Record<string, Entry>;
}

/** Returns the path of a workflow's page: `hybrid-job.yml` has `docs/workflows/hybrid-job.md`. */
export function pageOf(workflow: string): string {
  return `docs/workflows/${basename(workflow, '.yml')}.md`;
}

/** Returns the tables of one workflow. Inputs that are identical in `base` are only listed by name. */
export function tablesOf(text: string, base: Call = {}): string {
  const call = callOf(text);
  const shared = Object.keys(call.inputs ?? {}).filter((name) =>
    isSame(call.inputs?.[name], base.inputs?.[name]),
  );
  const own = Object.entries(call.inputs ?? {}).filter(([name]) => !shared.includes(name));
  const inputs = own.map(([name, entry]) => [code(name), describe(name, entry), defaultOf(entry)]);
  const names = shared.map((name) => code(name)).join(', ');
  return [
    table(['input', 'what it is', 'default'], inputs),
    ...(names === ''
      ? []
      : [`These inputs are the same as in [\`hybrid-job.yml\`](hybrid-job.md): ${names}.`]),
    list('secret', 'what it is', call.secrets),
    list('output', 'what it says', call.outputs),
    table(
      ['permission', 'what for'],
      permissionsOf(text).map(([scope, reason]) => [code(scope), reason]),
    ),
  ]
    .filter((part) => part !== 'None.')
    .join('\n\n');
}

function callOf(text: string): Call {
  const { on } = parse(text) as { on: { workflow_call: Call } };
  return on.workflow_call;
}

function isSame(one: Entry | undefined, other: Entry | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function list(kind: string, what: string, entries: Record<string, Entry> = {}): string {
  return table(
    [kind, what],
    Object.entries(entries).map(([name, entry]) => [code(name), describe(name, entry)]),
  );
}

function describe(name: string, { description = '' }: Entry): string {
  if (description === '') throw new Error(`'${name}' has no description`);
  return description.replaceAll('|', '\\|');
}

function defaultOf({ required, default: value = '' }: Entry): string {
  return required === true ? 'required' : code(String(value));
}

/**
 * Returns each permission that the jobs request, with the reasons in the comments next to it.
 *
 * @throws Error when a permission has no comment
 */
export function permissionsOf(text: string): [string, string][] {
  const found = new Map<string, Set<string>>();
  for (const [line, scope = '', reason = ''] of text.matchAll(
    /^ {6}([a-z-]+: (?:read|write))(?: # (.*))?$/gm,
  )) {
    if (reason === '') throw new Error(`'${line.trim()}' has no comment that says why it is needed`);
    found.set(scope, (found.get(scope) ?? new Set()).add(reason));
  }
  return [...found].map(([scope, reasons]) => [scope, [...reasons].join('; ')]);
}

/**
 * Writes the tables into the pages of the workflows below `folder`, or, with `check`, only compares them.
 *
 * @returns the problems found
 */
export function updateWorkflowPages(
  templates: readonly Pick<Template, 'path' | 'text'>[],
  { folder, check }: { folder: string; check: boolean },
): string[] {
  const base = templates.find(({ path }) => basename(path) === 'hybrid-job.yml');
  return templates.flatMap(({ path, text }) => {
    const name = basename(path);
    const page = pageOf(name);
    const file = join(folder, page);
    if (!existsSync(file)) return [`${page} is missing: it describes ${name}`];
    try {
      const shared = name === 'hybrid-matrix.yml' && base !== undefined ? callOf(base.text) : {};
      const old = readFileSync(file, 'utf8');
      const fresh = replace(old, name, tablesOf(text, shared));
      if (!check) writeFileSync(file, fresh);
      return check && old !== fresh ? [`${page} is stale: run \`npm run docs\``] : [];
    } catch (error) {
      return [`${page}: ${(error as Error).message}`];
    }
  });
}

if (process.argv[1] === import.meta.filename) {
  const check = process.argv.includes('--check');
  const problems = updateWorkflowPages(userWorkflows(), { folder: root, check });
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
