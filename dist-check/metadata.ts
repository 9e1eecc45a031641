import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, readSources, root } from './actions.ts';

/** The methods that read an input. */
const readers = 'text|required|lines|lists?|boolean|integer|duration|bytes|share|choice|structured|secret';
const inputRead = new RegExp(`\\.(?:${readers})(?:<[^(]*>)?\\(\\s*'([\\w-]+)'`, 'gi');

/** Compares `action.yml` with the code. Returns the differences. */
export function checkMetadata(action: Action): string[] {
  const all = [action, ...action.parts];
  const inputs = [...new Set(all.flatMap(({ metadata }) => Object.keys(metadata.inputs ?? {})))];
  const outputs = [...new Set(all.flatMap(({ metadata }) => Object.keys(metadata.outputs ?? {})))];
  const source = readSources(action);
  const shared = matches(sharedSources(), inputRead);
  const read = matches(source, inputRead);
  const set = matches(source, /outputs\.set\(\s*'([\w-]+)'/g);
  // These methods set the output `report` themselves.
  const reports = /\.(?:report|announceReport)\(/.test(source) ? ['report'] : [];
  return [
    ...read
      .filter((name) => !inputs.includes(name))
      .map((name) => `input '${name}' is read but not declared`),
    ...inputs
      .filter((name) => !read.includes(name) && !shared.includes(name))
      .map((name) => `input '${name}' is declared but never read`),
    ...set
      .filter((name) => !outputs.includes(name))
      .map((name) => `output '${name}' is set but not declared`),
    ...outputs
      .filter((name) => !isNamed(source, name) && !reports.includes(name))
      .map((name) => `output '${name}' is declared but never set`),
    ...all.flatMap(({ metadata }) => undescribed('input', metadata.inputs)),
    ...all.flatMap(({ metadata }) => undescribed('output', metadata.outputs)),
    ...all.flatMap(({ folder }) => misplacedExpressions(readFileSync(join(folder, 'action.yml'), 'utf8'))),
    ...checkRuns(action),
    ...action.parts.flatMap((part) => checkPart(action, part)),
  ];
}

/**
 * Checks an action in a subfolder: it must start a phase that its parent action declares, and have the shared post or
 * none.
 */
function checkPart({ folder }: Action, { name, metadata }: Action): string[] {
  const { using, main, post, pre } = metadata.runs ?? {};
  const packageFile = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    runnerActions?: { phases?: string[] };
  };
  const phases = packageFile.runnerActions?.phases ?? [];
  const { icon, color } = metadata.branding ?? {};
  return [
    ...(using === 'node24' ? [] : [`${name}: 'using' is ${using}, not node24`]),
    ...(main === `../dist/${name}.js` && phases.includes(name)
      ? []
      : [
          `${name}: 'main' is ${main}, not ../dist/${name}.js, or package.json does not list the phase ${name}`,
        ]),
    ...([undefined, '../dist/post.js'].includes(post) ? [] : [`${name}: 'post' is ${post}`]),
    ...(pre === undefined ? [] : [`${name}: 'pre' is not supported`]),
    ...(icon !== undefined && color !== undefined ? [] : [`${name}: branding is incomplete`]),
    ...((metadata.description ?? '') !== '' ? [] : [`${name} has no description`]),
  ];
}

/** Returns the sources of packages that read inputs for every action that declares them. */
function sharedSources(): string {
  const paths = ['packages/core/src/step.ts', 'packages/config/src/step-config.ts'];
  return paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))];
}

/**
 * Returns whether the source contains a key or a string with the output's name. Code may set outputs from a table of
 * names.
 */
function isNamed(source: string, name: string): boolean {
  return new RegExp(`'${name}'|(?<![\\w-])${name}\\s*[:,]`).test(source);
}

function undescribed(kind: string, entries: Record<string, { description?: string } | null> = {}): string[] {
  const missing = Object.entries(entries).filter(([, entry]) => (entry?.description ?? '').trim() === '');
  return missing.map(([name]) => `${kind} '${name}' has no description`);
}

/**
 * Returns the lines of an `action.yml` with an expression that GitHub does not accept. GitHub accepts expressions in
 * defaults only, and there only some contexts. It does not load an action with any other expression.
 * Source: `action_yaml.json` of actions/runner.
 */
export function misplacedExpressions(text: string): string[] {
  const allowed = /^ *default: .*\$\{\{ *(github|strategy|matrix|job|runner)\./;
  const wrong = text.split('\n').filter((line) => line.includes('${{') && !allowed.test(line));
  return wrong.map((line) => `GitHub does not accept this expression in action.yml: ${line.trim()}`);
}

function checkRuns({ folder, metadata }: Action): string[] {
  const { using, main, post, pre, 'post-if': postIf } = metadata.runs ?? {};
  const hasPost = existsSync(join(folder, 'src', 'post.ts'));
  const { icon, color } = metadata.branding ?? {};
  return [
    ...(using === 'node24' ? [] : [`'using' is ${using}, not node24`]),
    ...(main === 'dist/main.js' ? [] : [`'main' is ${main}, not dist/main.js`]),
    ...(post === (hasPost ? 'dist/post.js' : undefined)
      ? []
      : [`'post' is ${post}, but src/post.ts ${hasPost ? 'exists' : 'does not exist'}`]),
    ...(hasPost && postIf !== undefined && postIf !== 'always()'
      ? [`'post-if' is ${postIf}, not always()`]
      : []),
    ...(pre === undefined ? [] : ["'pre' is not supported"]),
    ...(icon !== undefined && color !== undefined ? [] : ['branding is incomplete']),
    ...((metadata.description ?? '') !== '' ? [] : ['the action has no description']),
  ];
}
