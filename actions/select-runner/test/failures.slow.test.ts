import { type FaultRule, launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, fleet, runner, select, simulate } from './run-select-runner.ts';

describe('select-runner: failures', () => {
  it.each([
    ['401', { kind: 'status', status: 401 }, 'unknown'],
    ['403', { kind: 'status', status: 403 }, 'unknown'],
    ['404', { kind: 'status', status: 404 }, 'unknown'],
    ['503', { kind: 'status', status: 503 }, 'unknown'],
    ['a rate limit of 40 minutes', { kind: 'rate-limit', resetSeconds: 2400 }, 'rate-limited'],
    ['HTML', { kind: 'html' }, 'unknown'],
    ['broken JSON', { kind: 'invalid-json' }, 'unknown'],
    ['a truncated body', { kind: 'truncate' }, 'unknown'],
    ['a dropped connection', { kind: 'reset' }, 'unknown'],
    ['a stall', { kind: 'stall' }, 'unknown'],
  ] as [string, Omit<FaultRule, 'match'>, string][])(
    'stays green, uses the fallback and warns when GitHub answers with %s',
    async (_name, fault, reason) => {
      const { outputs, exitCode, annotations } = await select({
        fault: { ...fault, match: 'runners' } as FaultRule,
        with: fault.kind === 'stall' ? { deadline: '2s' } : {},
      });
      expect(exitCode).toBe(0);
      expect(outputs).toMatchObject({
        decision: 'run',
        'runs-on': '"ubuntu-latest"',
        reason,
        confidence: 'low',
      });
      expect(annotations).toHaveLength(1);
      expect(annotations[0]).toMatchObject({ level: 'warning' });
    },
  );

  it('reads 10,000 runners within the deadline although each page takes 250 ms', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      runner(index + 1, index < 9_999 ? { labels: ['other'] } : {}),
    );
    const { outputs } = await select({
      fleet: fleet({ runners: many }),
      fault: { match: '/app/actions/runners', kind: 'delay', milliseconds: 250 },
    });
    expect(outputs).toMatchObject({ reason: 'idle', 'is-self-hosted': 'true' });
  });

  it('applies on-unknown and on-error when GitHub gives no usable answer', async () => {
    const fault: FaultRule = { kind: 'status', status: 503, match: '.' };
    const used = await select({ fault, with: { token: '', 'on-unknown': 'use' } });
    expect(used.outputs).toMatchObject({ 'is-self-hosted': 'true', reason: 'unknown' });
    const failed = await select({ fault, with: { token: '', 'on-error': 'fail' } });
    expect(failed.exitCode).toBe(1);
    expect(failed.annotations[0]?.message).toMatch(/GitHub gave no usable answer.*503/);
  });

  it('lowers the confidence when only the runner groups cannot be read', async () => {
    const given = fleet({ organization_runners: [runner(1, { runner_group_id: 1 })] });
    const { outputs, annotations } = await select({
      fleet: given,
      fault: { kind: 'status', status: 403, match: 'runner-groups' },
    });
    expect(outputs).toMatchObject({ reason: 'idle', confidence: 'medium' });
    expect(annotations).toHaveLength(1);
  });

  it.each([
    ['no labels', { labels: ' , ' }, /Input 'labels' is empty/],
    [
      'an unknown policy',
      { 'when-busy': 'panic' },
      /Input 'when-busy' is 'panic': expected one of fallback, queue/,
    ],
    ['a number in words', { 'min-free': 'two' }, /Input 'min-free' is 'two': expected a whole number/],
    ['min-free with queue', { 'min-free': '2', 'when-busy': 'queue' }, /'min-free' cannot be used/],
    ['a broken fallback', { fallback: '{group: 5}' }, /Input 'fallback' is '{group: 5}': expected a label/],
    ['a broken list', { fallback: '[big, x64' }, /Input 'fallback' is '\[big, x64': expected a list/],
    ['an unknown association', { trust: 'FRIENDS' }, /Input 'trust' is 'FRIENDS'/],
    ['a duration without unit', { deadline: '20' }, /Input 'deadline' is '20': expected a duration/],
  ])(
    'rejects %s, and names the input and its value',
    async (_name, inputs: Record<string, string>, message) => {
      const { exitCode, annotations, requests } = await select({ with: inputs });
      expect(exitCode).toBe(1);
      expect(annotations[0]?.message).toMatch(message);
      expect(requests).toHaveLength(0);
    },
  );

  it('has set the fallback as output when it is cancelled before the decision', async () => {
    const simulator = await simulate(fleet({ runners: [runner(1)] }));
    simulator.fault({ kind: 'stall', match: 'runners' });
    const controller = new AbortController();
    const poll = setInterval(() => simulator.requests.length > 0 && controller.abort(), 20);
    const job = await launchJob({
      env: { GITHUB_API_URL: simulator.url },
      cancel: controller.signal,
      steps: [{ action, with: { labels: 'self-hosted', 'runner-token': 'admin-token' } }],
    });
    clearInterval(poll);
    expect(job.conclusion).toBe('cancelled');
    expect(job.steps[0]?.outputs).toMatchObject({
      decision: 'run',
      'runs-on': '"ubuntu-latest"',
      reason: 'error',
    });
    expect(job.orphans).toEqual([]);
  });
});
