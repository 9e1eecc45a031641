import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

/** Returns the messages of the lint rule for imports if `file` imports `imported`. */
async function importErrors(file: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath: join(root, file) });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'no-restricted-imports')
    .map(({ message }) => message);
}

describe('the import rules', () => {
  it.each([
    ['packages/core/src/x.ts', '@actions/core'],
    ['packages/github/src/x.ts', '@octokit/request'],
    ['packages/github/src/x.ts', '@runner-actions/core'],
    ['packages/host/src/x.ts', '@runner-actions/core'],
    ['packages/store/src/x.ts', '@runner-actions/host'],
    ['packages/new/src/x.ts', '@runner-actions/host'],
    ['packages/alerts/src/x.ts', '@runner-actions/github'],
    ['packages/core/src/x.ts', 'https-proxy-agent'],
    ['packages/cost/src/x.ts', '@runner-actions/config'],
    ['actions/new/src/x.ts', '@runner-actions/cost'],
    ['packages/core/src/x.ts', 'https-proxy-agent'],
    ['packages/metrics/src/x.ts', '@runner-actions/config'],
    ['actions/new/src/x.ts', '@runner-actions/store'],
    ['packages/cli/src/x.ts', '@runner-actions/cleanup-workspace/clean'],
    ['packages/cli/src/x.ts', '@runner-actions/config/check'],
    ['actions/select-runner/src/x.ts', '@runner-actions/config'],
  ])('allow %s to import %s', async (file, imported) =>
    expect(await importErrors(file, imported)).toEqual([]),
  );

  it.each([
    ['packages/core/src/x.ts', '@runner-actions/host'],
    ['packages/core/src/x.ts', '@octokit/request'],
    ['packages/host/src/x.ts', '@actions/core'],
    ['packages/host/src/x.ts', '@runner-actions/github'],
    ['packages/host/src/x.ts', '@runner-actions/store'],
    ['packages/store/src/x.ts', '@runner-actions/config'],
    ['packages/github/src/x.ts', 'https-proxy-agent'],
    ['packages/metrics/src/x.ts', '@runner-actions/history'],
    ['packages/metrics/src/x.ts', '@runner-actions/host'],
    ['packages/config/src/x.ts', '@runner-actions/testing'],
    ['packages/alerts/src/x.ts', '@runner-actions/history'],
    ['packages/alerts/src/x.ts', '@runner-actions/host'],
    ['packages/github/src/x.ts', 'https-proxy-agent'],
    ['packages/cost/src/x.ts', '@runner-actions/github'],
    ['packages/cost/src/x.ts', '@runner-actions/history'],
    ['packages/history/src/x.ts', '@runner-actions/cost'],
    ['packages/new/src/x.ts', '@runner-actions/store'],
    ['packages/new/src/x.ts', '@actions/core'],
    ['packages/new/src/x.ts', '@runner-actions/cli'],
    ['packages/cli/src/x.ts', '@actions/core'],
    ['packages/cli/src/x.ts', '@runner-actions/testing'],
    ['actions/new/src/x.ts', '@runner-actions/cli'],
    ['actions/new/src/x.ts', '@runner-actions/select-runner'],
    ['actions/new/src/x.ts', '@runner-actions/testing'],
    ['actions/select-runner/src/x.ts', '@actions/core'],
    ['actions/select-runner/src/x.ts', '@actions/cache'],
    ['actions/select-runner/src/x.ts', '@actions/core/lib/summary.js'],
    ['actions/select-runner/src/x.ts', '@runner-actions/cleanup-workspace'],
    ['actions/restore-local-cache/src/x.ts', '@actions/io'],
    ['actions/cleanup-workspace/src/x.ts', '@runner-actions/testing'],
  ])('forbid %s to import %s', async (file, imported) => {
    expect(await importErrors(file, imported)).toEqual([expect.stringContaining('may not import this')]);
  });

  it('forbid unit tests to start processes, and allow it in integration tests', async () => {
    const [unit, integration] = ['actions/new/test/x.test.ts', 'actions/new/test/x.itg.test.ts'];
    expect(await importErrors(unit, 'node:child_process')).toEqual([
      expect.stringContaining('*.itg.test.ts'),
    ]);
    expect(await importErrors(integration, 'node:child_process')).toEqual([]);
  });
});
