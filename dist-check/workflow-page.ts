// Makes the tables of docs/workflows.md from the reusable workflows. `npm run docs` writes them; `npm run docs:check` fails
// when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { root } from './actions.ts';
import { code, replace, table } from './readme.ts';
import { readTemplates } from './release/workflows.ts';

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

const page = join(root, 'docs/workflows.md');

/** The tables of one workflow. What it shares with `base`, word for word, is named in one line. */
export function tablesOf(text: string, base: Call = {}): string {
  const call = callOf(text);
  const shared = Object.keys(call.inputs ?? {}).filter((name) =>
    isSame(call.inputs?.[name], base.inputs?.[name]),
  );
  const own = Object.entries(call.inputs ?? {}).filter(([name]) => !shared.includes(name));
  const inputs = own.map(([name, entry]) => [code(name), describe(name, entry), defaultOf(entry)]);
  const also = shared.map((name) => code(name)).join(' ');
  return [
    table(['input', 'what it is', 'default'], inputs),
    ...(also === '' ? [] : [`And of \`hybrid-job.yml\`: ${also}`]),
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

/** What the jobs ask for, each once, with the reasons that stand beside it. @throws Error where there is none */
export function permissionsOf(text: string): [string, string][] {
  const found = new Map<string, Set<string>>();
  for (const [line, scope = '', reason = ''] of text.matchAll(
    /^ {6}([a-z-]+: (?:read|write))(?: # (.*))?$/gm,
  )) {
    if (reason === '') throw new Error(`'${line.trim()}' has no reason beside it`);
    found.set(scope, (found.get(scope) ?? new Set()).add(reason));
  }
  return [...found].map(([scope, reasons]) => [scope, [...reasons].join('; ')]);
}

/** Writes the tables, or with `check` says whether they are as they should be. The answer is what is wrong. */
export function updateWorkflowPage(check: boolean): string[] {
  const templates = readTemplates(root);
  const base = callOf(templates.find(({ path }) => basename(path) === 'hybrid-job.yml')?.text ?? '');
  const old = readFileSync(page, 'utf8');
  const fresh = templates.reduce((filled, { path, text }) => {
    const name = basename(path);
    return replace(filled, name, tablesOf(text, name === 'hybrid-matrix.yml' ? base : {}));
  }, old);
  if (!check) writeFileSync(page, fresh);
  return check && old !== fresh ? ['docs/workflows.md is stale: run `npm run docs`'] : [];
}

if (process.argv[1] === import.meta.filename) {
  const problems = updateWorkflowPage(process.argv.includes('--check'));
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
