import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isInstalled } from '@runner-actions/testing/servers';
import { dashboardExpressions } from '../../monitoring/dashboard.ts';
import { monitoring } from './expressions.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'monitoring-'));
const inFolder = (name: string) => join(monitoring, name);
const ruleTests = ['time-and-cost', 'memory-and-disk', 'servers'];

/** Runs a program that may be missing, and returns how it ended and what it said. */
async function run(...command: [string, ...string[]]) {
  const { code, stdout, stderr } = await execute(command, { timeout: 60_000 });
  return { code, said: stdout + stderr };
}

const noPromtool = !isInstalled('promtool');
describe(`promtool${noPromtool ? ' (skipped without the package prometheus)' : ''}`, () => {
  it.skipIf(noPromtool)('finds no fault in the rules', async () => {
    const done = await run('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', inFolder('rules.yml'));
    expect(done).toMatchObject({ code: 0, said: expect.stringContaining('14 rules found') });
  });

  it.skipIf(noPromtool).each(ruleTests)('sees the alerts as the tests say: %s', async (name) => {
    const done = await run('promtool', 'test', 'rules', inFolder(`tests/${name}.test.yml`));
    expect(done).toMatchObject({ code: 0, said: expect.stringContaining('SUCCESS') });
  });

  it.skipIf(noPromtool)('sees that a rule with another limit is not the tested one', async () => {
    const copy = folder();
    cpSync(monitoring, copy, { recursive: true });
    const rules = readFileSync(join(copy, 'rules.yml'), 'utf8');
    writeFileSync(join(copy, 'rules.yml'), rules.replace('ghjob_oom_kills > 0', 'ghjob_oom_kills > 2'));
    const done = await run('promtool', 'test', 'rules', join(copy, 'tests', 'memory-and-disk.test.yml'));
    expect(done).toMatchObject({ code: 1, said: expect.stringContaining('GitHubJobKilledForMemory') });
  });

  it.skipIf(noPromtool)('takes the example of a configuration', async () => {
    const done = await run('promtool', 'check', 'config', inFolder('prometheus.yml'));
    expect(done).toMatchObject({ code: 0, said: expect.stringContaining('1 rule files found') });
  });

  it.skipIf(noPromtool)('takes every expression of the dashboard', async () => {
    const expressions = dashboardExpressions().map((each) => each.replaceAll(/\$\w+/g, '.*'));
    const rules = expressions.map((expr, index) => ({ record: `dashboard:query${index}`, expr }));
    const file = join(folder(), 'dashboard.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    const done = await run('promtool', 'check', 'rules', '--lint=all', '--lint-fatal', file);
    expect(done).toMatchObject({ code: 0, said: expect.stringContaining(`${rules.length} rules found`) });
  });
});

const noAmtool = !isInstalled('amtool');
describe(`amtool${noAmtool ? ' (skipped without the package prometheus-alertmanager)' : ''}`, () => {
  const file = inFolder('alertmanager.yml');

  it.skipIf(noAmtool)('takes the example of a configuration', async () => {
    expect(await run('amtool', 'check-config', file)).toMatchObject({ code: 0 });
  });

  it.skipIf(noAmtool).each([
    ['critical', 'team'],
    ['warning', 'team'],
    ['info', 'nobody'],
  ])('sends an alert with the severity %s to %s', async (severity, receiver) => {
    const route = ['config', 'routes', 'test', `--config.file=${file}`, `--verify.receivers=${receiver}`];
    expect(await run('amtool', ...route, `severity=${severity}`)).toMatchObject({ code: 0 });
  });
});
