// Checks the root action of a release against the actions that it starts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listActions, type Metadata, root } from '../actions.ts';
import { ownName } from '../release/pages.ts';
import { placeholder, readRootAction } from '../release/workflows.ts';

interface Step {
  name: string;
  id?: string;
  if?: string;
  uses?: string;
  env?: Record<string, string>;
  with?: Record<string, string | boolean>;
}

const { text } = readRootAction(root);
const action = parse(text) as Omit<Metadata, 'runs' | 'outputs'> & {
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
};
const all = action.runs.steps;
const steps = all.flatMap((step) =>
  step.uses === undefined ? [] : [{ with: {}, ...step, uses: step.uses }],
);
const inputs = action.inputs ?? {};
const actions = new Map(
  listActions().map(({ name, metadata }) => [`${ownName}/${name}@${placeholder}`, metadata]),
);
const own = steps.flatMap((step) => {
  const metadata = actions.get(step.uses);
  return metadata === undefined ? [] : [{ step, metadata }];
});

/** Evaluates the input of a step, or its `if`, as the runner does. `hashFiles` returns its argument without spaces. */
function evaluate(
  name: string,
  input: string,
  given: Record<string, string>,
  environment = 'self-hosted',
): string {
  const step = all.find((one) => one.name === name);
  const value = String(input === 'if' ? step?.if : { ...step?.env, ...step?.with }[input]);
  const expression = /^\$\{\{(.*)\}\}$/s.exec(value)?.[1] ?? '';
  const { tokens } = new Lexer(expression).lex();
  const hashFiles = {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (files: data.ExpressionData) => new data.StringData(files.coerceString().trim()),
  };
  const functions = new Map([['hashfiles', hashFiles]]);
  const parsed = new Parser(tokens, ['inputs', 'runner', 'github'], [hashFiles]).parse();
  const context = { inputs: given, runner: { environment }, github: { token: 'job-token' } };
  const values = JSON.parse(JSON.stringify(context), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, values, functions).evaluate().coerceString();
}

describe('the root action', () => {
  it('starts clean-up, metrics, checkout, validation and cache in this order', () => {
    expect(steps.map(({ uses }) => uses.replace(/@.*/, ''))).toEqual([
      ...[`${ownName}/cleanup-workspace`, `${ownName}/report-job-metrics`, 'actions/checkout'],
      ...[`${ownName}/validate-preinstalled`, `${ownName}/restore-local-cache`],
    ]);
    expect(own).toHaveLength(4);
  });

  it('pins the same commit of actions/checkout as hybrid-job.yml', () => {
    const pinned = steps.find(({ uses }) => uses.startsWith('actions/'))?.uses ?? '';
    expect(pinned).toMatch(/@[0-9a-f]{40}$/);
    expect(readFileSync(join(root, '.github/workflows/hybrid-job.yml'), 'utf8')).toContain(
      `uses: ${pinned} #`,
    );
  });

  it('gives each action inputs that it has, and all of those that every action has', () => {
    for (const { step, metadata } of own) {
      const declared = Object.keys(metadata.inputs ?? {});
      expect(declared, step.name).toEqual(expect.arrayContaining(Object.keys(step.with)));
      expect(Object.keys(step.with)).toEqual(expect.arrayContaining(['config', 'environment', 'token']));
    }
  });

  it('has the same defaults as the actions in inputs of the same name', () => {
    for (const { step, metadata } of own)
      for (const name of Object.keys(step.with).filter((key) => key in inputs)) {
        // On a hosted machine, an unmet requirement is only a warning.
        const expected = name === 'on-failure' ? undefined : metadata.inputs?.[name]?.default;
        expect(inputs[name]?.default, `${step.name}: ${name}`).toBe(expected);
      }
  });

  it('uses every input that it declares, declares every input that it uses, and requires none', () => {
    const used = [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(inputs).sort());
    expect(Object.values(inputs).filter((input) => input?.required === true)).toEqual([]);
  });

  it('has only outputs that the step sets', () => {
    for (const [name, { value }] of Object.entries(action.outputs)) {
      const [, id, output] = /^\$\{\{ steps\.(\w+)\.outputs\.([\w-]+) \}\}$/.exec(value) ?? [];
      expect(output).toBe(name);
      const { metadata } = own.find(({ step }) => step.id === id) ?? {};
      expect(Object.keys(metadata?.outputs ?? {})).toContain(name);
    }
  });

  // Source: `action_yaml.json` of actions/runner, `input-default-context` and `step-with`.
  it('has only expressions that GitHub accepts where they are', () => {
    const head = text.slice(0, text.indexOf('\noutputs:'));
    for (const line of head.split('\n').filter((one) => one.includes('${{')))
      expect(line).toMatch(/^ *default: \$\{\{ (github|strategy|matrix|job|runner)\.[\w.]+ \}\}$/);
    expect(text).not.toMatch(/\$\{\{[^}]*\b(secrets|vars|needs)\./);
  });
});

describe('the check of the inputs', () => {
  const right = {
    ...{ 'clean-up': 'true', metrics: 'true', checkout: 'true', validation: 'true' },
    ...{ path: '', key: '', 'key-files': '' },
  };
  const isRefused = (given: Record<string, string>) => evaluate('Wrong input', 'if', { ...right, ...given });

  it.each(['clean-up', 'metrics', 'checkout', 'validation'])(
    'refuses %s unless it is true or false',
    (name) => {
      for (const value of ['no', '0', 'off', ' false', 'true,false', 'True or false'])
        expect(isRefused({ [name]: value }), value).toBe('true');
      for (const value of ['true', 'false', 'FALSE', 'True', ''])
        expect(isRefused({ [name]: value }), value).toBe('false');
    },
  );

  it.each([
    [{ path: 'p' }, 'true'],
    [{ 'key-files': 'a' }, 'true'],
    [{ path: 'p', 'key-files': 'a' }, 'true'],
    [{ path: 'p', key: 'k' }, 'false'],
    [{ key: 'k' }, 'false'],
    [{}, 'false'],
  ])('asks for a key with %j: %s', (given, expected) => {
    expect(isRefused(given)).toBe(expected);
    expect(evaluate('Wrong input', 'LACKS_KEY', given)).toBe(expected);
  });

  it('is the first step, and gives its script every value that it refuses', () => {
    expect(all[0]?.name).toBe('Wrong input');
    expect(Object.keys(all[0]?.env ?? {})).toEqual([
      'CLEAN_UP',
      'METRICS',
      'CHECKOUT',
      'VALIDATION',
      'LACKS_KEY',
    ]);
  });

  it.each([
    ['clean-up', 'FALSE'],
    ['metrics', 'false'],
  ])('leaves %s: %s to the step, which is then off', (name, value) => {
    const step = name === 'metrics' ? 'Measure' : 'Clean up';
    expect(evaluate(step, 'if', { ...right, [name]: value })).toBe('false');
  });
});

describe('the inputs of the steps', () => {
  it.each([
    ['the key alone', { key: 'npm' }, 'npm', ''],
    ['a key with files', { key: 'npm', 'key-files': 'a.json' }, 'npm-a.json', 'npm-'],
    ['own restore keys', { key: 'npm', 'key-files': 'a', 'restore-keys': 'x' }, 'npm-a', 'x'],
  ])('make the keys of the cache from %s', (_what, given, key, restoreKeys) => {
    const inputs = { 'key-files': '', 'restore-keys': '', ...given };
    expect([
      evaluate('Restore the cache', 'key', inputs),
      evaluate('Restore the cache', 'restore-keys', inputs),
    ]).toEqual([key, restoreKeys]);
  });

  it.each([
    ['a path and a key', { path: 'p' }, 'true', 'false'],
    ['key-files that match', { path: 'p', 'key-files': 'a' }, 'true', 'false'],
    ['key-files that match nothing', { path: 'p', 'key-files': ' ' }, 'false', 'true'],
    ['no path', { path: '', 'key-files': ' ' }, 'false', 'false'],
  ])('decide about the cache and the warning with %s', (_what, given, cache, warning) => {
    const inputs = { 'key-files': '', ...given };
    expect([
      evaluate('Restore the cache', 'if', inputs),
      evaluate('No file matches key-files', 'if', inputs),
    ]).toEqual([cache, warning]);
  });

  it.each([
    ['', 'self-hosted', 'fail'],
    ['', 'github-hosted', 'warn'],
    ['fail', 'github-hosted', 'fail'],
    ['fallback', 'self-hosted', 'fallback'],
  ])('turn on-failure %j on a %s machine into %s', (given, environment, expected) => {
    expect(evaluate('Validate', 'on-failure', { 'on-failure': given }, environment)).toBe(expected);
  });

  it.each([
    [{ 'checkout-token': 'a', token: 'b' }, 'a'],
    [{ 'checkout-token': '', token: 'b' }, 'b'],
    [{ 'checkout-token': '', token: '' }, 'job-token'],
  ])('check out %j with the token %s', (given, token) => {
    expect(evaluate('Check out', 'token', given)).toBe(token);
  });
});
