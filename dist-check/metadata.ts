import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Action, readSources, root } from './actions.ts';

const readers = 'text|required|lines|lists?|boolean|integer|duration|bytes|share|choice|structured|secret';
const pattern = new RegExp(`\\.(?:${readers})(?:<[^(]*>)?\\(\\s*'([\\w-]+)'`, 'gi');

/** Whether `action.yml` and the code agree. The answer is what does not. */
export function checkMetadata(action: Action): string[] {
  const all = [action, ...action.parts];
  const inputs = [...new Set(all.flatMap(({ metadata }) => Object.keys(metadata.inputs ?? {})))];
  const outputs = [...new Set(all.flatMap(({ metadata }) => Object.keys(metadata.outputs ?? {})))];
  const source = readSources(action);
  const shared = matches(sharedSources(), pattern);
  const read = matches(source, pattern);
  const set = matches(source, /outputs\.set\(\s*'([\w-]+)'/g);
  // A step's report names its own output.
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

/** A part starts a phase of the bundle that its action declares, and has the post of all or none. */
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
      : [`${name}: 'main' is ${main}, not ../dist/${name}.js of a phase in package.json`]),
    ...([undefined, '../dist/post.js'].includes(post) ? [] : [`${name}: 'post' is ${post}`]),
    ...(pre === undefined ? [] : [`${name}: no action has 'pre'`]),
    ...(icon !== undefined && color !== undefined ? [] : [`${name}: branding is incomplete`]),
    ...((metadata.description ?? '') !== '' ? [] : [`${name} has no description`]),
  ];
}

/** What the packages read for every action that declares it. */
function sharedSources(): string {
  const paths = ['packages/core/src/step.ts', 'packages/config/src/step-config.ts'];
  return paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))];
}

/** An output may be set from a table of names, so a key or a string of that name counts. */
function isNamed(source: string, name: string): boolean {
  return new RegExp(`'${name}'|(?<![\\w-])${name}\\s*[:,]`).test(source);
}

function undescribed(kind: string, entries: Record<string, { description?: string } | null> = {}): string[] {
  const missing = Object.entries(entries).filter(([, entry]) => (entry?.description ?? '').trim() === '');
  return missing.map(([name]) => `${kind} '${name}' has no description`);
}

/**
 * GitHub loads no action whose metadata has an expression elsewhere than in a default, or one of another context there.
 * Source: `action_yaml.json` of actions/runner.
 */
export function misplacedExpressions(text: string): string[] {
  const allowed = /^ *default: .*\$\{\{ *(github|strategy|matrix|job|runner)\./;
  const wrong = text.split('\n').filter((line) => line.includes('${{') && !allowed.test(line));
  return wrong.map((line) => `GitHub takes no expression here: ${line.trim()}`);
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
      : [`'post' is ${post}, and src/post.ts ${hasPost ? 'is' : 'is not'} there`]),
    ...(hasPost && postIf !== undefined && postIf !== 'always()'
      ? [`'post-if' is ${postIf}, not always()`]
      : []),
    ...(pre === undefined ? [] : ["no action has 'pre'"]),
    ...(icon !== undefined && color !== undefined ? [] : ['branding is incomplete']),
    ...((metadata.description ?? '') !== '' ? [] : ['the action has no description']),
  ];
}
