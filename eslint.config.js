import redos from 'eslint-plugin-redos';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

// Who may import whom (docs/architecture.md): actions -> history, cost, store, config -> github, host -> core.
const toolkit = [
  '@actions/core',
  '@actions/github',
  '@actions/cache',
  '@actions/tool-cache',
  '@actions/io',
  '@actions/exec',
];
const packages = ['core', 'github', 'host', 'config', 'store', 'history', 'cost', 'testing'];
const actions = [
  'select-runner',
  'restore-local-cache',
  'validate-preinstalled',
  'report-job-metrics',
  'cleanup-workspace',
  'rescue-queued-jobs',
];

/** An import rule for `files`: all is forbidden but what `allowed` names. */
function edges(files, allowed) {
  const own = [...packages, ...actions].map((name) => `@runner-actions/${name}`);
  const forbidden = [...toolkit, ...own].filter((name) => !allowed.includes(name));
  const patterns = forbidden.map((name) => ({
    group: [name, `${name}/*`],
    message: `${files[0]} may not import this; see docs/architecture.md.`,
  }));
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const lower = ['@runner-actions/core', '@runner-actions/github', '@runner-actions/host'];
const shipped = [
  ...lower,
  ...['config', 'store', 'history', 'cost'].map((name) => `@runner-actions/${name}`),
];

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
  // What shipped code matches may be a stranger's, and long. Each of the two linters finds patterns that the other one misses.
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
          message: 'A pattern that is put together is not checked by the linter: write it out, or use text.',
        },
      ],
    },
  },
  edges(['packages/core/src/**'], ['@actions/core']),
  edges(['packages/github/src/**'], ['@actions/github', '@runner-actions/core']),
  edges(['packages/host/src/**'], ['@runner-actions/core']),
  edges(['packages/{config,store,history,cost}/src/**'], lower),
  edges(['actions/*/src/**'], shipped),
  edges(['actions/restore-local-cache/src/**'], [...shipped, '@actions/cache']),
  edges(['actions/validate-preinstalled/src/**'], [...shipped, '@actions/tool-cache']),
);
