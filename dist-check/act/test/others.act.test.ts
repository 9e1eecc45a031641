import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runAct, type Scenario } from '../run-act.ts';
import { call, outputsOf, runners } from '../scenes.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(() => void (world = openWorld()));
afterAll(() => world.close());

const machines = ['selector', 'self-hosted'];
const secrets = { RUNNER_TOKEN: 'organization-token' };

describe('runner-preflight', () => {
  const preflight = (requirements: string, more: Partial<Scenario> = {}): Scenario => ({
    workflow: call('runner-preflight.yml', {
      'select-on': 'selector',
      labels: 'self-hosted, linux',
      fallback: 'big',
    }),
    files: { '.github/runner-requirements.yml': `version: 1\n${requirements}\n` },
    fleet: runners({}),
    ...{ machines, secrets },
    ...more,
  });

  it('answers with the machine that is fit', async () => {
    const { effects } = await runAct(world, preflight('tools: { git: ">=2" }'));
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({
      'runs-on': '["self-hosted","linux"]',
      fit: 'true',
      missing: '[]',
      fingerprint: expect.stringMatching(/^pass-[0-9a-f]{64}$/) as string,
    });
  });

  it('spares the job on that machine the same check', async () => {
    const given = preflight('tools: { git: ">=2" }');
    const { jobs, ...rest } = parse(given.workflow) as { jobs: { called: object } };
    const job = {
      needs: 'called',
      permissions: { actions: 'read', contents: 'read' },
      uses: 'org/runner-actions/.github/workflows/hybrid-job.yml@v1',
      with: {
        command: 'touch "$EFFECT/ran"',
        'runs-on': '${{ needs.called.outputs.runs-on }}',
        fingerprint: '${{ needs.called.outputs.fingerprint }}',
      },
    };
    const workflow = stringify({ ...rest, jobs: { called: jobs.called, job } });
    const { log, effects, status } = await runAct(world, { ...given, workflow });
    expect(log).toContain('nothing changed for 1 requirements: as checked before');
    expect([status, Object.keys(effects)]).toEqual([0, ['ran']]);
  });

  it('answers with the fallback when the machine lacks something', async () => {
    const { effects, status } = await runAct(world, preflight('files: [{ path: /nowhere/model.bin }]'));
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({ 'runs-on': '"big"', fit: 'false' });
    expect(outputsOf('runner-preflight.yml', effects)['missing']).toContain('/nowhere/model.bin');
    expect(status).toBe(0);
  });

  it('answers with the fallback when no machine is there, and asks none', async () => {
    const { effects } = await runAct(
      world,
      preflight('tools: { git: "*" }', { fleet: runners({ status: 'offline' }) }),
    );
    expect(outputsOf('runner-preflight.yml', effects)).toMatchObject({
      'runs-on': '"big"',
      fit: '',
      reason: 'offline',
    });
  });
});

describe('runner-preflight without labels', () => {
  it('answers with the fallback where they were dropped from the selection, and asks no machine', async () => {
    const inputs = { 'select-on': 'selector', labels: 'self-hosted, linux', fallback: '"big"' };
    const workflow = call('runner-preflight.yml', inputs);
    const { effects, status, log } = await runAct(world, {
      workflow,
      machines,
      secrets,
      selector: 'dropped',
    });
    expect(outputsOf('runner-preflight.yml', effects), log).toMatchObject({ 'runs-on': '"big"', fit: '' });
    expect(status).toBe(0);
  });
});

describe('runner-heartbeat', () => {
  it('beats on the pool', async () => {
    const workflow = call('runner-heartbeat.yml', { 'runs-on': '["self-hosted", "linux"]' });
    const { log, effects, status } = await runAct(world, { workflow, machines, event: 'schedule' });
    expect(log).toMatch(/\| Alive, at /);
    expect([effects['outputs'], status]).toEqual(['{}', 0]);
  });
});

describe('rescue-queued-jobs', () => {
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const times = { created_at: ago(30), run_started_at: ago(30), updated_at: ago(30) };
  const fleet = {
    ...runners({ status: 'offline' as const }),
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
    workflow: call('rescue-queued-jobs.yml', { 'rescue-on': 'selector', ...inputs }),
    ...{ fleet, machines, event: 'schedule' },
    secrets: { APP_ID: '7', APP_KEY: 'both-token' },
  });
  const posts = (requests: readonly { method: string; path: string }[]): string[] =>
    requests.filter(({ method }) => method === 'POST').map(({ path }) => path.split('/').at(-1) ?? '');

  it('cancels and re-runs what waits for a dead machine', async () => {
    const { requests, effects, log } = await runAct(world, rescue({}));
    expect(posts(requests), log).toEqual(['cancel', 'rerun']);
    expect(outputsOf('rescue-queued-jobs.yml', effects)).toEqual({ considered: '1', rescued: '1' });
  });

  it('changes nothing in a dry run', async () => {
    const { requests, effects } = await runAct(world, rescue({ 'dry-run': true }));
    expect(posts(requests)).toEqual([]);
    expect(outputsOf('rescue-queued-jobs.yml', effects)).toMatchObject({ considered: '1' });
  });
});

describe('config-check', () => {
  const check = (config: string): Scenario => ({
    workflow: call('config-check.yml', { 'check-on': 'selector' }),
    files: { '.github/runner-config.yml': config },
    machines,
  });

  it('is green for a configuration that is right', async () => {
    const { status, effects } = await runAct(
      world,
      check('version: 1\npools: { own: { runs-on: self-hosted } }\n'),
    );
    expect([status, effects['outputs']]).toEqual([0, '{}']);
  });

  it('names the line of a mistake', async () => {
    const { status, effects, log } = await runAct(world, check('version: 1\npols: {}\n'));
    expect([status, effects]).toEqual([1, {}]);
    expect(log).toMatch(/error.*pols/);
  });
});

describe('an action by itself', () => {
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
    ['short name', (name: string) => `org/runner-actions/${name}@v1`],
    ['long name', (name: string) => `org/runner-actions/actions/${name}@${world.source}`],
  ])('can be called by its %s', async (_what, nameOf) => {
    const workflow = direct(nameOf('select-runner'), nameOf('cleanup-workspace'));
    const { effects, status, log } = await runAct(world, { workflow, machines, secrets, fleet: runners({}) });
    expect(effects['ran'], log).toBe('ran');
    expect(log).toMatch(/move +"litter"/);
    expect(status).toBe(0);
  });
});
