import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import { root } from '../actions.ts';
import { commandProblem, computed } from './commands.ts';

/** Code in a bundle that a rule forbids, and that is there for a reason. */
interface Exception {
  action: string;
  /** The file; without it, any file. */
  file?: string;
  /** The message without the file, or its beginning before `*`. */
  problem: string;
  /** Why it is safe. */
  reason: string;
}

/** What the checks of requirements contain, in whichever chunks the bundler puts it. */
function checksOf(action: string): Exception[] {
  return [
    {
      ...{ action, problem: 'loads node:vm, which runs other code' },
      reason: 'The text is a constant. Only vm can stop a regular expression that takes too long.',
    },
    {
      ...{ action, problem: 'installs at run time: *' },
      reason: 'Advice in a report, and what the mode `install` runs if the workflow asks for it.',
    },
    {
      ...{ action, problem: 'starts Node with another script: node*' },
      reason: 'Names and messages of tools, and path-helper/index.js, which these rules check too.',
    },
    ...['/home/linuxbrew/', '/homebrew/'].map((path) => ({
      ...{ action, problem: `contains a path of the machine that built it: ${path}` },
      reason: 'A folder of Homebrew, the same on all machines.',
    })),
  ];
}

const exceptions: readonly Exception[] = [
  ...['validate-preinstalled', 'cli'].flatMap(checksOf),
  {
    action: 'report-job-metrics',
    file: 'chunks/measuring.js',
    problem: 'starts Node with another script: node …',
    reason: 'The script is dist/sampler/index.js, which these rules check too.',
  },
  {
    action: 'restore-local-cache',
    file: 'chunks/open-levels.js',
    problem: 'starts Node with another script: node …',
    reason: 'The script is dist/directory-helper/index.js, which these rules check too.',
  },
  {
    action: 'cleanup-workspace',
    file: 'chunks/clean.js',
    problem: 'starts Node with another script: node …',
    reason: 'The script is dist/file-helper/index.js, which these rules check too.',
  },
];

/** Names that load code which is not in the bundle, or run text as code. `Function.prototype` alone is harmless. */
const forbiddenNames = /^(?:eval|Function|createRequire|getBuiltinModule|dlopen|_load)$/;
/** Names that do the same if they are called. */
const forbiddenCalls = /^(?:constructor|fork|binding|_linkedBinding)$/;
/** Modules of Node that do the same. */
const forbiddenModules = /^(?:node:)?(?:module|vm|worker_threads|cluster|inspector(?:\/promises)?|repl)$/;

/** Paths of users on the machine that built the bundle. */
const buildPath = /(?:\/home|\/Users|\/builds|[A-Z]:\\+Users\\+)\/?[\w.-]+[\\/]|\/root\/[\w.-]|file:\/\/\//;

/**
 * Checks what the scripts of a bundle may load: only modules of Node and files of the bundle, by names that are written
 * in the code. Nothing runs text as code, starts another script, installs a package, or contains a path of the machine
 * that built it. These rules find mistakes. They do not find code that hides what it does.
 *
 * @param action the name of the action, or `cli` for the command
 * @param dist the folder of the bundle
 */
export function checkBundleCode(
  action: string,
  dist: string,
  allowed: readonly Exception[] = exceptions,
): string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(dist, path)).isFile())
    .sort();
  const found = files.flatMap((file) => {
    const text = readFileSync(join(dist, file), 'utf8');
    const inCode = file.endsWith('.js') ? checkScript(file, text, files) : [];
    const isKnown = /\.(?:js|map)$|(?:^|\/)(?:package\.json|licenses\.txt)$/.test(file);
    const unknown = isKnown ? [] : ['is a kind of file that these rules do not read'];
    return [...unknown, ...inCode, ...checkPaths(text)].map((problem) => ({ file, problem }));
  });
  const own = allowed.filter((exception) => exception.action === action);
  const matches = (found: { file: string; problem: string }, { file, problem }: Exception): boolean =>
    (file === undefined || found.file === file) &&
    (problem.endsWith('*') ? found.problem.startsWith(problem.slice(0, -1)) : found.problem === problem);
  const stale = own.filter((exception) => !found.some((item) => matches(item, exception)));
  return [
    ...found
      .filter((item) => !own.some((exception) => matches(item, exception)))
      .map(({ file, problem }) => `${file} ${problem}`),
    ...stale.map(
      ({ file, problem }) =>
        `dist-check/supply-chain/bundle-code.ts has an exception that nothing needs: ${file ?? 'any file'} ${problem}`,
    ),
  ];
}

function checkPaths(text: string): string[] {
  const found = text.includes(root) ? root : buildPath.exec(text)?.[0];
  return found === undefined ? [] : [`contains a path of the machine that built it: ${found}`];
}

/** Returns what a script does that the rules forbid. @param files the paths of all files of the bundle */
function checkScript(file: string, code: string, files: readonly string[]): string[] {
  const { program, errors } = parseSync(file, code, { sourceType: 'commonjs', preserveParens: false });
  if (errors.length > 0) return [`is not valid JavaScript: ${errors[0]?.message}`];
  const problems = new Set<string>();
  const loaded = (specifier: unknown) => {
    if (typeof specifier !== 'string') return 'loads a module whose name is computed';
    if (forbiddenModules.test(specifier)) return `loads ${specifier}, which runs other code`;
    const isOwn = specifier.startsWith('.') && files.includes(join(dirname(file), specifier));
    return isOwn || isBuiltin(specifier) ? undefined : `loads ${specifier}, which is not in the bundle`;
  };
  const add = (problem: string | undefined) => problem !== undefined && problems.add(problem);
  const checkCommand = (words: readonly string[]) => add(commandProblem(words.join(' ')));
  const requireCalls = new Set<number>();
  new Visitor({
    CallExpression({ callee, arguments: args }) {
      if (callee.type === 'Identifier' && callee.name === 'require') {
        requireCalls.add(callee.start);
        add(loaded(textOf(args[0])));
      }
      const name = calledName(callee);
      if (name !== undefined && forbiddenCalls.test(name)) add(`calls ${name}`);
      checkCommand(args.flatMap(wordsOf));
    },
    MemberExpression(member) {
      if (propertyOf(member) === 'constructor' && isFunction(member.object))
        add('uses the constructor of a function');
    },
    ImportExpression: ({ source }) => void add(loaded(textOf(source))),
    ArrayExpression: (array) => checkCommand(wordsOf(array)),
    Literal: ({ value }) => {
      if (typeof value !== 'string') return;
      checkCommand([value]);
      if (forbiddenNames.test(value)) add(`uses ${value}`);
    },
    TemplateLiteral: (template) => checkCommand(wordsOf(template)),
    Identifier({ name, start, end }) {
      if (name === 'require' && !requireCalls.has(start)) add('loads a module whose name is computed');
      if (forbiddenNames.test(name) && !code.startsWith('.prototype', end)) add(`uses ${name}`);
    },
  }).visit(program);
  return [...problems];
}

/** Returns the text of a string literal, or of a template without expressions. */
function textOf(node: ESTree.Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' && node.quasis.length === 1
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}

/** Returns the words that a part of a command stands for. */
function wordsOf(node: ESTree.Node | null): string[] {
  if (node?.type === 'ArrayExpression') return node.elements.flatMap(wordsOf);
  // The options of `spawn`.
  if (node?.type === 'ObjectExpression') return [];
  if (node?.type === 'TemplateLiteral')
    return [node.quasis.map(({ value }) => value.cooked ?? '').join(computed)];
  if (node?.type === 'MemberExpression' && propertyOf(node) === 'execPath') return ['node'];
  return [textOf(node ?? undefined) ?? computed];
}

function propertyOf({ property }: ESTree.MemberExpression): string | undefined {
  return property.type === 'Identifier' ? property.name : textOf(property);
}

/** Returns the name of a function that is called: `a` in `a()`, `x.a()` and `(0, x.a)()`. */
function calledName(callee: ESTree.Expression | undefined): string | undefined {
  if (callee?.type === 'SequenceExpression') return calledName(callee.expressions.at(-1));
  if (callee?.type === 'Identifier') return callee.name;
  return callee?.type === 'MemberExpression' ? propertyOf(callee) : undefined;
}

/** Whether this is the text of a function, or its prototype: `function () {}`, `Object.getPrototypeOf(() => {})`. */
function isFunction(node: ESTree.Node | undefined): boolean {
  if (node?.type === 'CallExpression') return isFunction(node.arguments[0]);
  if (node?.type === 'MemberExpression') return isFunction(node.object);
  return node?.type === 'FunctionExpression' || node?.type === 'ArrowFunctionExpression';
}
