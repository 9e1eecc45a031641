// Evidence from recent jobs and heartbeats, and the breaker.
import { describe, expect, it } from 'vitest';
import { ago, fleet, labels, select } from '../run-select-runner.ts';
import { lost, type Past, past, queued, red } from './past-jobs.ts';

const noToken = { 'runner-token': '' };
const choose = (...entries: Past[]) => select({ fleet: fleet(past(...entries)), with: noToken });

describe('select-runner: recent jobs, heartbeats and the breaker', () => {
  it('uses a pool whose runner took a job 5 minutes ago, with at most 6 API calls', async () => {
    const { outputs, requests } = await choose({ at: 5.5 });
    expect(outputs).toMatchObject({
      'is-self-hosted': 'true',
      reason: 'idle',
      source: 'history',
      confidence: 'medium',
    });
    expect(requests.length).toBeLessThanOrEqual(6);
  });

  it('reports a pool as offline when a job is queued for 12 minutes and no job was taken since', async () => {
    const { outputs } = await choose({ at: 12, job: queued }, { at: 40 });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'offline', source: 'history' });
  });

  it('reports such a pool as offline with when-busy: queue too, when the last job was taken before the queued one', async () => {
    const runs = fleet(past({ at: 12, job: queued }, { at: 14 }));
    const { outputs } = await select({ fleet: runs, with: { ...noToken, 'when-busy': 'queue' } });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'offline' });
  });

  it('does not take a runner that was lost in its last job as alive', async () => {
    expect((await choose({ at: 6, job: lost }, { at: 9 })).outputs).toMatchObject({
      reason: 'token-missing',
    });
  });

  it('reads on until it finds a free runner, past a busy one and runs that wait for approval', async () => {
    const atWork = { status: 'in_progress' as const, conclusion: null, completed_at: null };
    const { outputs, requests } = await choose(
      { at: 1, job: atWork },
      ...[20, 21, 22, 23, 24, 25].map((at) => ({
        at,
        job: { ...queued, status: 'waiting' as const },
        run: { status: 'waiting' },
      })),
      { at: 6, job: { runner_id: 6, runner_name: 'r6' } },
    );
    expect(outputs).toMatchObject({ reason: 'idle', source: 'history' });
    expect(requests.length).toBeLessThanOrEqual(6);
  });

  it('does not count a job on a runner of another group, even if the labels are the same', async () => {
    const config = `pools:
  own: { runs-on: { group: big } }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
`;
    const at = async (group: string) => {
      const runs = fleet(past({ at: 5, job: { labels: [], runner_group_name: group } }));
      return (await select({ config, fleet: runs, with: noToken })).outputs['pool'];
    };
    expect([await at('small'), await at('Big')]).toEqual(['hosted', 'own']);
  });

  it.each(['waiting', 'pending', 'requested'] as const)(
    'does not count a job with the status %s as waiting for a runner',
    async (status) => {
      expect((await choose({ at: 30, job: { ...queued, status } })).outputs).toMatchObject({
        reason: 'token-missing',
      });
    },
  );

  it('does not count a job on a hosted runner with the same labels', async () => {
    const { outputs } = await choose({ at: 5, job: { runner_group_name: 'GitHub Actions' } });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'token-missing' });
  });

  it.each([0, null])('treats the runner_id %s as no runner', async (runner_id) => {
    const { outputs } = await choose({ at: 12, job: { ...queued, runner_id, started_at: ago(1) } });
    expect(outputs).toMatchObject({ reason: 'offline' });
  });

  it('does not count jobs of this run', async () => {
    const given = past({ at: 5, run: { id: 30433642 } });
    given.jobs[0]!.run_id = 30433642;
    const { outputs, requests } = await select({ fleet: fleet(given), with: noToken });
    expect(outputs).toMatchObject({ reason: 'token-missing' });
    expect(requests.some(({ path }) => path.includes('30433642'))).toBe(false);
  });

  it('treats a pool without any history as unknown', async () => {
    expect((await choose()).outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'token-missing' });
    const used = await select({ fleet: fleet(), with: { ...noToken, 'on-unknown': 'use' } });
    expect(used.outputs).toMatchObject({ 'is-self-hosted': 'true', confidence: 'low' });
  });

  const beat = (maxAge: string) => `pools:
  own:
    runs-on: [self-hosted, linux, x64]
    heartbeat: { workflow: beat.yml, every: 15m, max-age: ${maxAge} }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
`;
  const beats = (at: number) =>
    fleet({
      runs: [
        {
          id: 1,
          status: 'completed',
          conclusion: 'success',
          path: '.github/workflows/beat.yml',
          created_at: ago(at),
          updated_at: ago(at),
        },
      ],
    });

  it('uses a pool with a heartbeat younger than max-age, with one API call, and skips it with an older one', async () => {
    const young = await select({ fleet: beats(44), config: beat('45m'), with: noToken });
    expect(young.outputs).toMatchObject({ pool: 'own', source: 'heartbeat', confidence: 'medium' });
    expect(young.requests.filter(({ path }) => path.includes('/actions/'))).toHaveLength(1);
    const old = await select({ fleet: beats(46), config: beat('45m'), with: noToken });
    expect(old.outputs).toMatchObject({ pool: 'hosted', reason: 'offline', source: 'heartbeat' });
  });

  it('reads the heartbeats of several pools with at most 6 API calls, even with a long history', async () => {
    const pool = (name: string) =>
      `  ${name}: { runs-on: [self-hosted, ${name}], heartbeat: { workflow: ${name}.yml, every: 15m, max-age: 45m } }\n`;
    const config = `pools:\n${pool('a')}${pool('b')}  hosted: { runs-on: ubuntu-latest, kind: hosted }\n`;
    const runs = past(...[60, 61, 62, 63, 64, 65, 66].map((at) => ({ at })));
    const beatOf = (id: number, name: string, at: number) => ({
      ...{ id, status: 'completed', conclusion: 'success', path: `.github/workflows/${name}.yml` },
      ...{ created_at: ago(at), updated_at: ago(at) },
    });
    const given = fleet({ ...runs, runs: [...runs.runs, beatOf(1, 'a', 300), beatOf(2, 'b', 5)] });
    const { outputs, report, requests } = await select({ fleet: given, config, with: noToken });
    expect(outputs).toMatchObject({ pool: 'b', source: 'heartbeat' });
    expect(report?.sentence).toBe('Runs on self-hosted, b: last heartbeat 5 min ago.');
    expect(requests.filter(({ path }) => path.includes('/actions/')).length).toBeLessThanOrEqual(6);
  });

  it('rejects a max-age below twice the interval of the heartbeat, and accepts twice the interval', async () => {
    const { exitCode, annotations } = await select({ fleet: beats(1), config: beat('29m'), with: noToken });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(/max-age: found .* at least twice 'every'/);
    expect((await select({ fleet: beats(1), config: beat('30m'), with: noToken })).outputs['pool']).toBe(
      'own',
    );
  });

  const breaker = (rules = 'failures: 3/15m/30m') => `pools:
  own: { runs-on: [self-hosted, linux, x64], on-unknown: use }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
breaker: { ${rules} }
`;
  const three = (at: number, job = lost): Past[] => [0, 4, 8].map((more) => ({ at: at + more, job }));

  it('opens the breaker for 30 minutes after three infrastructure failures in 15 minutes, then lets one run probe', async () => {
    const runners = [{ id: 1, name: 'r', labels }];
    const open = await select({ fleet: fleet({ ...past(...three(5)), runners }), config: breaker() });
    expect(open.outputs).toMatchObject({ pool: 'hosted', reason: 'breaker-open' });
    expect(open.report?.pools[0]).toMatchObject({ breaker: 'open' });
    const given = past(...three(40));
    const probe = await select({ fleet: fleet({ ...given, runners }), config: breaker() });
    expect(probe.outputs).toMatchObject({ pool: 'own' });
    expect(probe.report?.pools[0]).toMatchObject({ breaker: 'probe' });
    const other = { id: 200, status: 'in_progress', created_at: ago(1) };
    const second = await select({
      fleet: fleet({ ...given, runs: [...given.runs, other], runners }),
      config: breaker(),
    });
    expect(second.outputs).toMatchObject({ pool: 'hosted', reason: 'breaker-open' });
    const well = await select({
      fleet: fleet({ ...past(...three(40), { at: 2 }), runners }),
      config: breaker(),
    });
    expect(well.report?.pools[0]).toMatchObject({ breaker: 'closed', placed: 1 });
  });

  it('counts recent failures when an older run has waited for approval for days', async () => {
    const waiting = { at: 3000, job: { ...queued, status: 'waiting' as const }, run: { status: 'waiting' } };
    const forever = { at: 3001, job: { ...queued, labels: ['x'] } };
    const { outputs } = await select({
      fleet: fleet({ ...past(waiting, forever, ...three(5)), runners: [{ id: 1, name: 'r', labels }] }),
      config: breaker(),
    });
    expect(outputs).toMatchObject({ reason: 'breaker-open' });
  });

  it('reads history only within history-calls, and does not trip on jobs that were not read', async () => {
    const runners = [{ id: 1, name: 'r', labels }];
    const given = { fleet: fleet({ ...past(...three(5)), runners }), config: breaker() };
    const { outputs, requests } = await select({ ...given, with: { 'history-calls': '2' } });
    expect(outputs).toMatchObject({ pool: 'own' });
    expect(requests.filter(({ path }) => path.endsWith('/jobs'))).toHaveLength(2);
  });

  it('keeps the breaker closed after three jobs with failed tests', async () => {
    const runners = [{ id: 1, name: 'r', labels }];
    const { outputs, report } = await select({
      fleet: fleet({ ...past(...three(5, red)), runners }),
      config: breaker(),
    });
    expect(outputs).toMatchObject({ pool: 'own' });
    expect(report?.pools[0]).toMatchObject({ breaker: 'closed' });
  });

  it('opens the breaker when the newest three jobs took more than twice their baseline', async () => {
    const usual = [200, 210, 220].map((at) => ({ at }));
    const slow = [30, 45, 60].map((at) => ({ at, job: { completed_at: ago(at - 10.5) } }));
    const choice = (entries: Past[]) =>
      select({
        fleet: fleet({ ...past(...entries), runners: [{ id: 1, name: 'r', labels }] }),
        config: breaker('duration: { above: 2x, runs: 3 }'),
      });
    const open = await choice([...usual, ...slow]);
    expect(open.outputs).toMatchObject({ pool: 'hosted', reason: 'breaker-open' });
    const closed = await choice([...usual, ...slow.slice(1)]);
    expect(closed.report?.pools[0]).toMatchObject({ breaker: 'closed', placed: 1 });
  });
});
