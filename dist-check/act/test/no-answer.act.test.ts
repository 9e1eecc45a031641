// hybrid-job.yml and runner-preflight.yml when the selection died, or GitHub dropped its answer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAct, type Scenario } from '../run-act.ts';
import { callingWorkflow, oneRunner, pullRequestFromFork } from '../fixtures.ts';
import { failedSteps, outputsOf } from '../results.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => void (testBed = createTestBed()));
afterAll(() => testBed.close());

/** Returns a configuration with the pool `own`, which has one free machine, and this fallback. */
const config = (fallback: string) => ({
  '.github/runner-config.yml': `pools: { own: { runs-on: [self-hosted, linux] } }\n${fallback}\n`,
});

/** Calls a workflow of this project. A second job records its outputs. */
function call(name: string, inputs: Record<string, string>, more: Partial<Scenario>): Scenario {
  return {
    workflow: callingWorkflow(name, { 'select-on': 'selector', ...inputs }),
    machines: ['selector', 'self-hosted', 'ubuntu-latest', 'big'],
    fleet: oneRunner({}),
    secrets: { RUNNER_TOKEN: 'organization-token' },
    ...more,
  };
}

describe('hybrid-job without an answer of the selection', () => {
  const job = (inputs: Record<string, string>, more: Partial<Scenario>) =>
    runAct(testBed, call('hybrid-job.yml', { command: 'echo > "$EFFECT/ran"', ...inputs }, more));

  it('runs on the fallback of the configuration, and says so, when the answer was dropped', async () => {
    const files = config('fallback: [big, hosted]');
    const { effects, status, log } = await job({}, { files, selector: 'dropped' });
    expect(effects['ran'], log).toBe('');
    expect(outputsOf('hybrid-job.yml', effects)).toEqual({
      result: '{}',
      decision: 'run',
      'runs-on': '["big","hosted"]',
      pool: 'fallback',
      'is-self-hosted': '',
      reason: 'error',
    });
    expect(status).toBe(0);
  });

  it('runs on the fallback of the configuration when the selection died', async () => {
    const files = config('fallback: big');
    const machines = ['selector', 'big'];
    const { effects, status, log } = await job({}, { files, machines, selector: 'dead-once' });
    expect(effects['ran'], log).toBe('');
    expect(status).toBe(1);
  });

  it.each([
    ['the configuration', 'dropped', {}],
    ['the configuration', 'dead-once', {}],
    ['the input', 'dropped', { fallback: 'fail' }],
    ['the input', 'dead', { fallback: 'fail' }],
    ['the input', 'dropped', { fallback: 'skip' }],
  ] as const)(
    'fails without running the command when %s says not to run without a machine, and the selection is %s',
    async (_where, selector, inputs) => {
      const { effects, status, log } = await job(inputs, { files: config('fallback: fail'), selector });
      expect([effects, status]).toEqual([{}, 1]);
      expect(failedSteps(log)).toContain('Check the result');
    },
  );

  it.each([
    ['a list', '["big", "hosted"]', ['selector', 'big']],
    ['a label', 'big', ['selector', 'big']],
    ['a label as JSON', '"big"', ['selector', 'big']],
    ['nothing', '', ['selector', 'ubuntu-latest']],
  ])('runs on the input fallback, %s, when both selections died', async (_what, fallback, machines) => {
    const { effects, status, log } = await job({ fallback }, { machines, selector: 'dead' });
    expect(effects['ran'], log).toBe('');
    expect(status).toBe(1);
  });

  it.each(['[big]', '[x', '{group: big}', 'big, hosted'])(
    'does not run the command when both selections died and the input fallback is %s',
    async (fallback) => {
      const { effects, status, log } = await job({ fallback }, { selector: 'dead' });
      expect([effects, status]).toEqual([{}, 1]);
      expect(failedSteps(log)).toContain('Check the result');
    },
  );

  it('does not run the command of a fork on a self-hosted fallback when both selections died', async () => {
    const fork = { event: 'pull_request', payload: pullRequestFromFork } as const;
    const { effects, status } = await job({ fallback: '["self-hosted"]' }, { ...fork, selector: 'dead' });
    expect([effects, status]).toEqual([{}, 1]);
  });

  it('does not run the command when an input of the selection is wrong', async () => {
    const { effects, status, log } = await job({ rollout: 'much more' }, { files: config('') });
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Select', 'Check the result']);
  });
});

describe('runner-preflight without a machine that fits', () => {
  const unfit = { '.github/runner-requirements.yml': 'version: 1\nfiles: [{ path: /nowhere/model.bin }]\n' };
  const preflight = (inputs: Record<string, string>, more: Partial<Scenario>) =>
    runAct(testBed, call('runner-preflight.yml', inputs, more));

  it('outputs the fallback of the configuration when the machine is unfit', async () => {
    const { effects, status } = await preflight({}, { files: { ...config('fallback: [big]'), ...unfit } });
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({
      ...{ decision: 'run', 'runs-on': '["big"]', pool: 'fallback', reason: 'unfit', fit: 'false' },
    });
    expect(status).toBe(0);
  });

  it('fails when the machine is unfit and the fallback of the configuration is fail', async () => {
    const files = { ...config('fallback: fail'), ...unfit };
    const { effects, status, log } = await preflight({}, { files });
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Fail']);
  });

  it('says skip, and stays green, when the machine is unfit and the fallback is skip', async () => {
    const { effects, status } = await preflight({ fallback: 'skip' }, { files: { ...config(''), ...unfit } });
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({ decision: 'skip', 'runs-on': '' });
    expect(status).toBe(0);
  });

  it('outputs the fallback, without a check, when the answer was dropped', async () => {
    const files = config('fallback: big');
    const { effects, status, log } = await preflight({}, { files, selector: 'dropped' });
    expect(outputsOf('runner-preflight.yml', effects), log).toMatchObject({
      ...{ decision: 'run', 'runs-on': '"big"', pool: 'fallback', reason: 'error', fit: '' },
    });
    expect(status).toBe(0);
  });

  it('fails when the selection died and the fallback of the configuration is fail', async () => {
    const { effects, status, log } = await preflight(
      {},
      { files: config('fallback: fail'), selector: 'dead-once' },
    );
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toContain('Fail');
  });
});
