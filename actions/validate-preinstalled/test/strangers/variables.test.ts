import { tmpdir } from 'node:os';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { checkAll } from '../../src/check.ts';
import { openMachine } from '../../src/machine-io.ts';
import { isOpenVariable } from '../../src/strangers/open-variables.ts';
import { jobWith, requirementsOf } from '../kinds/check-kind.ts';

const environment = {
  DEPLOY_KEY: 'hidden-value',
  RUNNER_ACTIONS_SECRET_URL: 'hidden-value',
  GITHUB_REF: 'hidden-value',
  RUNNER_TEMP: tmpdir(),
};

/** Checks one requirement in a job that anybody can cause, as the action does. */
async function check(section: string, part: unknown, eventName = 'issue_comment') {
  const requirements = await requirementsOf(section, part);
  const machine = openMachine(jobWith(environment, eventName), startDeadline(60_000));
  const [result] = await checkAll(requirements, machine, { concurrency: 1, known: new Set() });
  const { status, found, wanted, advice, notice } = result ?? {};
  return { status, told: JSON.stringify({ found, wanted, advice, notice }) };
}

describe('a variable in the manifest of a stranger', () => {
  it.each([
    ['equals', 'hidden-value'],
    ['equals', 'another'],
    ['matches', '^h'],
    ['matches', '^x'],
    ['is', 'file'],
  ])('is not compared by %s: %s', async (key, value) => {
    for (const name of ['DEPLOY_KEY', 'RUNNER_ACTIONS_SECRET_URL']) {
      const { status, told } = await check('env', { [name]: { [key]: value } });
      expect(status).toBe('error');
      expect(told).toContain(`the value of the variable ${name}, which this event's manifest may not use`);
      expect(told).toContain('Put the manifest on the default branch');
      expect(told).not.toContain('hidden-value');
    }
  });

  it.each([
    [{ equals: 'hidden-value' }, 'pass'],
    [{ equals: 'another' }, 'fail'],
    [{ matches: '^h' }, 'pass'],
    [{ matches: '^x' }, 'fail'],
    [{ is: 'file' }, 'fail'],
  ])('that everybody may know is compared by %j: %s, and not shown', async (spec, status) => {
    const finding = await check('env', { GITHUB_REF: spec });
    expect(finding.status).toBe(status);
    expect(finding.told.replace('"wanted":"hidden-value"', '')).not.toContain('hidden-value');
  });

  it.each([
    ['DEPLOY_KEY', 'pass'],
    ['OTHER_KEY', 'fail'],
  ])('%s may be asked for: %s', async (name, status) => {
    expect(await check('env', { [name]: { set: true } })).toMatchObject({ status });
  });

  it.each([
    ['files', [{ path: '/x/$DEPLOY_KEY' }]],
    ['mounts', [{ path: '/x/${DEPLOY_KEY}' }]],
    ['system', { disk: [{ path: '/x/$DEPLOY_KEY', free: '1B' }] }],
  ])('does not become a path of %s', async (section, part) => {
    const { status, told } = await check(section, part);
    expect(status).toBe('error');
    expect(told).toContain('the value of the variable DEPLOY_KEY');
    expect(told).toContain('Put the manifest on the default branch');
    expect(told).not.toContain('hidden-value');
  });

  it('that everybody may know becomes a path', async () => {
    const { status } = await check('files', [{ path: '$RUNNER_TEMP', type: 'directory' }]);
    expect(status).toBe('pass');
  });

  it.each([
    ["env.DEPLOY_KEY == 'hidden-value'", 'error'],
    ["env.DEPLOY_KEY != 'hidden-value' || runner == 'none'", 'error'],
    ["env.GITHUB_REF != 'hidden-value'", 'skip'],
  ])('does not decide by the condition %s: %s', async (when, status) => {
    expect(await check('env', { DEPLOY_KEY: { set: true, when } })).toMatchObject({ status });
  });

  it('is compared and shown for an event of the repository itself', async () => {
    const { status, told } = await check('env', { DEPLOY_KEY: { matches: '^x' } }, 'push');
    expect([status, told]).toEqual(['fail', expect.stringContaining('hidden-value')]);
  });
});

describe('the variables that everybody may know', () => {
  it.each([
    'PATH',
    'HOME',
    'RUNNER_OS',
    'GITHUB_SHA',
    'JAVA_HOME',
    'JAVA_HOME_21_X64',
    'ANDROID_HOME',
    'LC_ALL',
  ])('have %s', (name) => expect(isOpenVariable(name)).toBe(true));
  it.each([
    'GITHUB_TOKEN',
    'RUNNER_ACTIONS_SECRET_X',
    'ACTIONS_RUNTIME_TOKEN',
    'RUNNER_TOKEN',
    'GITHUB_APP_KEY',
    'PATH_KEY',
    'constructor',
  ])('do not have %s', (name) => expect(isOpenVariable(name)).toBe(false));
});
