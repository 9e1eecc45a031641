// `npm run docs` writes the tables of inputs and outputs into the READMEs of the actions and of the root action;
// `npm run docs:check` fails when they are stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Action, listActions, readAction, root } from './actions.ts';
import { rootAction } from './release/workflows.ts';

/** Maximum number of lines in a README. */
const maximumLines = 150;

/**
 * Returns the README with its tables generated from `action.yml`.
 *
 * @throws Error when a description or a marker is missing
 */
export function withTables(readme: string, { metadata }: Pick<Action, 'metadata'>): string {
  const inputs = Object.entries(metadata.inputs ?? {}).map(([name, input]) => [
    code(name),
    describe(name, input?.description),
    input?.required === true ? 'required' : code(input?.default ?? ''),
  ]);
  const outputs = Object.entries(metadata.outputs ?? {}).map(([name, output]) => [
    code(name),
    describe(name, output?.description),
  ]);
  const filled = replace(readme, 'inputs', table(['input', 'what it is', 'default'], inputs));
  return replace(filled, 'outputs', table(['output', 'what it says'], outputs));
}

function describe(name: string, description = ''): string {
  if (description.trim() === '') throw new Error(`'${name}' has no description`);
  return description
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}

/** Formats text as inline code, or as a dash if it is empty. */
export function code(text: string): string {
  return text === '' ? '–' : `\`${text}\``;
}

/** Formats a Markdown table. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return 'None.';
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Replaces the text between the markers `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error when a marker is missing
 */
export function replace(readme: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the markers ${start} and ${end} are missing`);
  return `${readme.slice(0, from + start.length)}\n\n${content}\n\n${readme.slice(to)}`;
}

/** Writes the tables into the README, or, with `check`, only compares them. @returns the problems found */
export function updateReadme(action: Action, check: boolean): string[] {
  const path = join(action.folder, 'README.md');
  if (!existsSync(path)) return ['README.md is missing'];
  try {
    const old = readFileSync(path, 'utf8');
    const fresh = withTables(old, action);
    if (!check) writeFileSync(path, fresh);
    const lines = fresh.split('\n').length;
    return [
      ...(check && old !== fresh ? ['the tables are stale: run `npm run docs`'] : []),
      ...(lines > maximumLines
        ? [`${lines} lines, over the limit of ${maximumLines}: move details to a page in docs`]
        : []),
    ];
  } catch (error) {
    return [(error as Error).message];
  }
}

if (process.argv[1] === import.meta.filename) {
  const actions = listActions().flatMap((one) => [one, ...one.parts]);
  for (const action of [...actions, readAction(join(root, rootAction))]) {
    for (const problem of updateReadme(action, process.argv.includes('--check'))) {
      console.log(`${relative(root, join(action.folder, 'README.md'))}: ${problem}`);
      process.exitCode = 1;
    }
  }
}
