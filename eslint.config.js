import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import redos from 'eslint-plugin-redos';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

// Allowed imports (docs/architecture.md): cli -> actions -> history, cost, metrics, alerts, store, config, testing ->
// github, host -> core.
const toolkit = [
  '@actions/core',
  '@actions/http-client',
  '@octokit/request',
  'https-proxy-agent',
  '@actions/github',
  '@actions/cache',
  '@actions/tool-cache',
  '@actions/io',
  '@actions/exec',
];
/** Returns the import names of the workspaces in `folder`. */
function workspaces(folder) {
  return readdirSync(join(import.meta.dirname, folder)).map((name) => `@runner-actions/${name}`);
}

const [packages, actions] = [workspaces('packages'), workspaces('actions')];
const lower = ['@runner-actions/core', '@runner-actions/github', '@runner-actions/host'];
const shipped = packages.filter((name) => !['@runner-actions/testing', '@runner-actions/cli'].includes(name));
const installed = createHash('sha256')
  .update(readFileSync(join(import.meta.dirname, 'package-lock.json')))
  .digest('hex');

/** Returns an import rule for `files` that forbids every toolkit, package and action except those in `allowed`. */
function edges(files, allowed) {
  const forbidden = [...toolkit, ...packages, ...actions].filter((name) => !allowed.includes(name));
  const patterns = forbidden.map((name) => ({
    group: [name, `${name}/*`],
    message: `${files[0]} may not import this; see docs/architecture.md.`,
  }));
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

/** Selectors for the titles of tests that begin with a number and a colon, in each form that `it`, `test` and `describe` have. */
function numberedTitles() {
  // it(…); it.only(…); it.concurrent.only(…); it.each(…)(…), it.skipIf(…)(…); it.only.each(…)(…); it.skipIf(…).each(…)(…);
  // it.each`…`(…); it.only.each`…`(…)
  const forms = [
    'callee.name',
    'callee.object.name',
    'callee.object.object.name',
    'callee.callee.object.name',
    'callee.callee.object.object.name',
    'callee.callee.object.callee.object.name',
    'callee.tag.object.name',
    'callee.tag.object.object.name',
  ];
  const call = `CallExpression:matches(${forms.map((form) => `[${form}=/^(it|test|describe)$/]`).join(', ')})`;
  const message =
    'A title says the case and the result, without a number. See "How we write" in docs/contributing.md.';
  return ['value', 'quasis.0.value.raw'].map((text) => ({
    selector: `${call}[arguments.0.${text}=/^\\s*\\d+[a-z]*\\s*:/i]`,
    message,
  }));
}

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/fixtures/**',
      'demo-output/**',
      'packages/testing/demo/project/**',
    ],
  },
  ...tseslint.configs.recommended,
  // No rule reads this setting. It is part of the cache key, so that the cache is valid only for the installed versions of the
  // plugins. Not all plugins report their version.
  { settings: { installed } },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_$' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 300 }],
      'no-console': 'off',
      eqeqeq: 'error',
    },
  },
  {
    files: ['actions/*/src/**', 'packages/*/src/**'],
    rules: { 'max-lines-per-function': ['error', { max: 60 }], 'no-console': 'error' },
  },
  { files: ['packages/testing/src/*/cli.ts'], rules: { 'no-console': 'off' } },
  // Shipped code matches text that may be untrusted and long. Each of the two linters finds slow patterns that the other misses.
  {
    files: ['actions/*/src/**', 'packages/*/src/**'],
    ignores: ['packages/testing/**'],
    plugins: { redos, regexp },
    rules: {
      'redos/no-vulnerable': ['error', { ignoreErrors: false }],
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ":matches(NewExpression, CallExpression)[callee.name='RegExp']:not([arguments.0.type='Literal'])",
          message:
            'The linter cannot check a pattern that is built at run time. Write it as a literal, or search for text.',
        },
        {
          selector: "CallExpression[callee.object.name='v'][callee.property.name='record']",
          message: 'It skips keys such as constructor without a word. Use mapOf of packages/config.',
        },
      ],
    },
  },
  { files: ['**/*.test.ts'], rules: { 'no-restricted-syntax': ['error', ...numberedTitles()] } },
  {
    files: ['**/test/**/*.test.ts'],
    ignores: ['**/*.{itg,slow,engine,act,conf}.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:child_process', 'node:http', 'node:net'].map((name) => ({
            name,
            message:
              'A test that starts processes or servers must be named *.itg.test.ts; see docs/testing.md.',
          })),
        },
      ],
    },
  },
  edges(['packages/*/src/**'], lower),
  edges(['packages/core/src/**'], ['@actions/core', 'https-proxy-agent']),
  edges(['packages/github/src/**'], ['@octokit/request', '@runner-actions/core']),
  edges(['packages/host/src/**'], ['@runner-actions/core']),
  edges(['packages/metrics/src/**'], ['@runner-actions/core', '@runner-actions/config']),
  edges(['packages/manifest/src/**'], [...lower, '@runner-actions/config']),
  edges(
    ['packages/alerts/src/**'],
    ['@runner-actions/core', '@runner-actions/config', '@runner-actions/github'],
  ),
  edges(['packages/cost/src/**'], ['@runner-actions/core', '@runner-actions/config']),
  edges(['actions/*/src/**'], shipped),
  edges(['actions/validate-preinstalled/src/**'], [...shipped, '@actions/tool-cache']),
  // The command uses the engines of actions, which their package.json exports. Their phases are no part of that.
  edges(['packages/cli/src/**'], [...shipped, ...actions]),
);
