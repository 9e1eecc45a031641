import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runAct, type Scenario } from '../run-act.ts';
import { callingWorkflow, oneRunner } from '../fixtures.ts';
import { outputsOf } from '../results.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => void (testBed = createTestBed()));
afterAll(() => testBed.close());

const machines = ['selector', 'self-hosted'];
const secrets = { RUNNER_TOKEN: 'organization-token' };

describe('runner-preflight', () => {
  const preflight = (requirements: string, more: Partial<Scenario> = {}): Scenario => ({
    workflow: callingWorkflow('runner-preflight.yml', {
      'select-on': 'selector',
      labels: 'self-hosted, linux',
      fallback: 'big',
    }),
    files: { '.github/runner-requirements.yml': `version: 1\n${requirements}\n` },
    fleet: oneRunner({}),
    ...{ machines, secrets },
    ...more,
  });

  it('outputs the selected machine when it meets the requirements', async () => {
    const { effects } = await runAct(testBed, preflight('tools: { git: ">=2" }'));
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({
      'runs-on': '["self-hosted","linux"]',
      fit: 'true',
      missing: '[]',
      fingerprint: expect.stringMatching(/^pass-[0-9a-f]{64}$/) as string,
    });
  });

  it('lets the job on that machine skip the same check', async () => {
    const given = preflight('tools: { git: ">=2" }');
    const { jobs, ...rest } = parse(given.workflow) as { jobs: { called: object } };
    const job = {
      needs: 'called',
      permissions: { actions: 'read', contents: 'read' },
      uses: 'org/runner-actions/.github/workflows/hybrid-job.yml@v1',
      with: {
        command: 'touch "$EFFECT/ran"',
        'select-on': 'selector',
        'runs-on': '${{ needs.called.outputs.runs-on }}',
        fingerprint: '${{ needs.called.outputs.fingerprint }}',
      },
    };
    const workflow = stringify({ ...rest, jobs: { called: jobs.called, job } });
    const { log, effects, status } = await runAct(testBed, { ...given, workflow });
    expect(log).toContain('nothing changed for 1 requirements: as checked before');
    expect([status, Object.keys(effects)]).toEqual([0, ['ran']]);
  });

  it('outputs the fallback when the machine does not meet a requirement', async () => {
    const { effects, status } = await runAct(testBed, preflight('files: [{ path: /nowhere/model.bin }]'));
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({ 'runs-on': '"big"', fit: 'false' });
    expect(outputsOf('runner-preflight.yml', effects)['missing']).toContain('/nowhere/model.bin');
    expect(status).toBe(0);
  });

  it('outputs the fallback, without a check, when no machine is online', async () => {
    const { effects } = await runAct(
      testBed,
      preflight('tools: { git: "*" }', {
        fleet: oneRunner({ status: 'offline' }),
        secrets: { RUNNER_TOKEN: 'both-token' }, // one list alone does not prove that a machine is offline
      }),
    );
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({
      'runs-on': '"big"',
      fit: '',
      reason: 'offline',
    });
  });
});

describe('runner-heartbeat', () => {
  it('runs a job on the pool', async () => {
    const workflow = callingWorkflow('runner-heartbeat.yml', { 'runs-on': '["self-hosted", "linux"]' });
    const { log, effects, status } = await runAct(testBed, { workflow, machines, event: 'schedule' });
    expect(log).toMatch(/\| Alive, at /);
    expect([effects['outputs'], status]).toEqual(['{}', 0]);
  });
});

describe('rescue-queued-jobs', () => {
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const times = { created_at: ago(30), run_started_at: ago(30), updated_at: ago(30) };
  const fleet = {
    ...oneRunner({ status: 'offline' as const }),
    runs: [{ id: 7, status: 'queued', event: 'push', ...times }],
    jobs: [
      {
        id: 8,
        run_id: 7,
        name: 'build',
        status: 'queued' as const,
        labels: ['self-hosted', 'linux'],
        created_at: ago(30),
      },
    ],
  };
  const rescue = (inputs: Record<string, string | boolean>): Scenario => ({
    workflow: callingWorkflow('rescue-queued-jobs.yml', { 'rescue-on': 'selector', ...inputs }),
    ...{ fleet, machines, event: 'schedule' },
    secrets: { APP_ID: '7', APP_KEY: 'both-token' },
  });
  const posts = (requests: readonly { method: string; path: string }[]): string[] =>
    requests.filter(({ method }) => method === 'POST').map(({ path }) => path.split('/').at(-1) ?? '');

  it('cancels and re-runs a run that waits for an offline machine', async () => {
    const { requests, effects, log } = await runAct(testBed, rescue({}));
    expect(posts(requests), log).toEqual(['cancel', 'rerun']);
    expect(outputsOf('rescue-queued-jobs.yml', effects)).toEqual({ considered: '1', rescued: '1' });
  });

  it('changes nothing in a dry run', async () => {
    const { requests, effects } = await runAct(testBed, rescue({ 'dry-run': true }));
    expect(posts(requests)).toEqual([]);
    expect(outputsOf('rescue-queued-jobs.yml', effects)).toMatchObject({ considered: '1' });
  });
});

describe('config-check', () => {
  const check = (config: string): Scenario => ({
    workflow: callingWorkflow('config-check.yml', { 'check-on': 'selector' }),
    files: { '.github/runner-config.yml': config },
    machines,
  });

  it('succeeds for a valid configuration', async () => {
    const { status, effects } = await runAct(
      testBed,
      check('version: 1\npools: { own: { runs-on: self-hosted } }\n'),
    );
    expect([status, effects['outputs']]).toEqual([0, '{}']);
  });

  it('fails and names the unknown key in the log', async () => {
    const { status, effects, log } = await runAct(testBed, check('version: 1\npols: {}\n'));
    expect([status, effects]).toEqual([1, {}]);
    expect(log).toMatch(/error.*pols/);
  });
});

describe('an action called directly', () => {
  const direct = (select: string, clean: string): string =>
    stringify({
      on: 'push',
      permissions: {},
      jobs: {
        select: {
          'runs-on': 'selector',
          outputs: { 'runs-on': '${{ steps.select.outputs.runs-on }}' },
          steps: [
            {
              id: 'select',
              uses: select,
              with: { labels: 'self-hosted, linux', 'runner-token': '${{ secrets.RUNNER_TOKEN }}' },
            },
          ],
        },
        build: {
          needs: 'select',
          'runs-on': '${{ fromJSON(needs.select.outputs.runs-on || \'"ubuntu-latest"\') }}',
          steps: [{ uses: clean }, { run: 'touch litter && echo ran > "$EFFECT/ran"' }],
        },
      },
    });

  it.each([
    ['short path', (name: string) => `org/runner-actions/${name}@v1`],
    ['long path', (name: string) => `org/runner-actions/actions/${name}@${testBed.source}`],
  ])('can be called by its %s', async (_what, nameOf) => {
    const workflow = direct(nameOf('select-runner'), nameOf('cleanup-workspace'));
    const { effects, status, log } = await runAct(testBed, {
      workflow,
      machines,
      secrets,
      fleet: oneRunner({}),
    });
    expect(effects['ran'], log).toBe('ran');
    expect(log).toMatch(/move +"litter"/);
    expect(status).toBe(0);
  });
});
