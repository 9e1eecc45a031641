import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { root } from '../actions.ts';

/** Code in a bundle that a rule forbids, and that is there for a reason. */
interface Exception {
  action: string;
  file: string;
  /** The message, without the file. */
  problem: string;
  /** Why it is safe. */
  reason: string;
}

const exceptions: readonly Exception[] = [
  {
    action: 'validate-preinstalled',
    file: 'chunks/check-manifest.js',
    problem: 'loads node:vm, which runs text as code',
    reason: 'The text is a constant. Only vm can stop a regular expression that takes too long.',
  },
  {
    action: 'validate-preinstalled',
    file: 'chunks/check-manifest.js',
    problem: 'installs at run time: apt-get install ',
    reason: 'It is advice in a report. No process gets it.',
  },
];

/** Names that load code which is not in the bundle, or run text as code. `Function.prototype` alone is harmless. */
const forbiddenNames = /^(?:eval|Function|createRequire|getBuiltinModule|dlopen|_load)$/;
/** Modules of Node that do the same. */
const forbiddenModules = /^(?:node:)?(?:module|vm)$/;

const installers = 'npm|pnpm|yarn|bun|pip3?|pipx|uv|gem|cargo|go|brew|apt|apt-get|apk|dnf|yum|choco|winget';
const installs = new RegExp(
  String.raw`^\s*(?:sudo )?(?:(?:${installers})(?:\.cmd|\.exe)? (?:i|ci|add|install)\b|npx )|\b(?:curl|wget)\b.*\|\s*(?:sudo )?(?:ba|z)?sh\b`,
);

/** Paths of users on the machine that built the bundle. */
const buildPath = /(?:\/home|\/Users|\/builds|[A-Z]:\\+Users\\+)\/?[\w.-]+[\\/]|\/root\/[\w.-]|file:\/\/\//;

/**
 * Checks what the scripts of a bundle may load: only modules of Node and files of the bundle, by names that are written
 * in the code. Nothing runs text as code, installs a package, or contains a path of the machine that built it. These
 * rules find mistakes. They do not find code that hides what it does.
 *
 * @param action the name of the action
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
  const matches = (one: { file: string; problem: string }, other: { file: string; problem: string }) =>
    one.file === other.file && one.problem === other.problem;
  const stale = own.filter((exception) => !found.some((item) => matches(item, exception)));
  return [
    ...found
      .filter((item) => !own.some((exception) => matches(item, exception)))
      .map(({ file, problem }) => `${file} ${problem}`),
    ...stale.map(
      ({ file, problem }) =>
        `dist-check/supply-chain/bundle-code.ts has an exception that nothing needs: ${file} ${problem}`,
    ),
  ];
}

function checkPaths(text: string): string[] {
  const found = text.includes(root) ? root : buildPath.exec(text)?.[0];
  return found === undefined ? [] : [`contains a path of the machine that built it: ${found}`];
}

/** Returns what a script does that the rules forbid. @param files the paths of all files of the bundle */
function checkScript(file: string, code: string, files: readonly string[]): string[] {
  const { program, errors } = parseSync(file, code, { sourceType: 'commonjs' });
  if (errors.length > 0) return [`is not valid JavaScript: ${errors[0]?.message}`];
  const problems = new Set<string>();
  const loaded = (specifier: unknown) => {
    if (typeof specifier !== 'string') return 'loads a module whose name is computed';
    if (forbiddenModules.test(specifier)) return `loads ${specifier}, which runs text as code`;
    const isOwn = specifier.startsWith('.') && files.includes(join(dirname(file), specifier));
    return isOwn || isBuiltin(specifier) ? undefined : `loads ${specifier}, which is not in the bundle`;
  };
  const add = (problem: string | undefined) => problem !== undefined && problems.add(problem);
  const checkCommand = (words: readonly unknown[]) => {
    const command = words.filter((word) => typeof word === 'string').join(' ');
    if (installs.test(command)) add(`installs at run time: ${command}`);
  };
  const requireCalls = new Set<number>();
  new Visitor({
    CallExpression({ callee, arguments: args }) {
      if (callee.type === 'Identifier' && callee.name === 'require') {
        requireCalls.add(callee.start);
        add(loaded(textOf(args[0])));
      }
      checkCommand(args.flatMap((argument) => [textOf(argument) ?? elementsOf(argument)]).flat());
    },
    ImportExpression: ({ source }) => void add(loaded(textOf(source))),
    ArrayExpression: (array) => checkCommand(elementsOf(array)),
    Literal: ({ value }) => {
      checkCommand([value]);
      if (typeof value === 'string' && forbiddenNames.test(value)) add(`uses ${value}`);
    },
    TemplateLiteral: ({ quasis }) => checkCommand([quasis[0]?.value.cooked]),
    Identifier({ name, start, end }) {
      if (name === 'require' && !requireCalls.has(start)) add('loads a module whose name is computed');
      if (forbiddenNames.test(name) && !code.startsWith('.prototype', end)) add(`uses ${name}`);
    },
  }).visit(program);
  return [...problems];
}

interface Node {
  type: string;
}

/** Returns the text of a string literal, or of a template without expressions. */
function textOf(node: Node | null | undefined): string | undefined {
  const { type, value, quasis } = (node ?? {}) as {
    type?: string;
    value?: unknown;
    quasis?: { value: { cooked: string | null } }[];
  };
  if (type === 'Literal' && typeof value === 'string') return value;
  return type === 'TemplateLiteral' && quasis?.length === 1
    ? (quasis[0]?.value.cooked ?? undefined)
    : undefined;
}

/** Returns the texts in an array literal. */
function elementsOf(node: Node): (string | undefined)[] {
  return node.type === 'ArrayExpression' ? (node as Node & { elements: Node[] }).elements.map(textOf) : [];
}
