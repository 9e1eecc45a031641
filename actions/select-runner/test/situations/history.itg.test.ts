// Situations 22 to 31: what jobs of this repository tell, and when a pool is left for failing.
import { describe, expect, it } from 'vitest';
import { ago, fleet, labels, select } from '../select.ts';
import { lost, type Past, past, queued, red } from './past.ts';

const noToken = { 'runner-token': '' };
const choose = (...entries: Past[]) => select({ fleet: fleet(past(...entries)), with: noToken });

describe('situations', () => {
  it('22: a job that was taken 5 minutes ago proves life, within 6 calls', async () => {
    const { outputs, requests } = await choose({ at: 5.5 });
    expect(outputs).toMatchObject({
      'is-self-hosted': 'true',
      reason: 'idle',
      source: 'history',
      confidence: 'medium',
    });
    expect(requests.length).toBeLessThanOrEqual(6);
  });

  it('23: a job that has been queued for 12 minutes, with none taken since, says dead or full', async () => {
    const { outputs } = await choose({ at: 12, job: queued }, { at: 40 });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'offline', source: 'history' });
  });

  it('23: nor does when-busy: queue queue there, when the last job was taken before that one', async () => {
    const runs = fleet(past({ at: 12, job: queued }, { at: 14 }));
    const { outputs } = await select({ fleet: runs, with: { ...noToken, 'when-busy': 'queue' } });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'offline' });
  });

  it('22: a runner that was lost in its last job is no proof of life', async () => {
    expect((await choose({ at: 6, job: lost }, { at: 9 })).outputs).toMatchObject({
      reason: 'token-missing',
    });
  });

  it('22: it reads on for a free runner, past one that is at work and runs that wait for approval', async () => {
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

  it('22: a job of another group is no proof of life, even where no label tells them apart', async () => {
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
    '24: a job that is %s is not short of a runner',
    async (status) => {
      expect((await choose({ at: 30, job: { ...queued, status } })).outputs).toMatchObject({
        reason: 'token-missing',
      });
    },
  );

  it('25: a hosted runner with the same labels is no proof of life', async () => {
    const { outputs } = await choose({ at: 5, job: { runner_group_name: 'GitHub Actions' } });
    expect(outputs).toMatchObject({ 'is-self-hosted': 'false', reason: 'token-missing' });
  });

  it.each([0, null])('26: the runner_id %s is none', async (runner_id) => {
    const { outputs } = await choose({ at: 12, job: { ...queued, runner_id, started_at: ago(1) } });
    expect(outputs).toMatchObject({ reason: 'offline' });
  });

  it('27: this run’s own jobs do not count', async () => {
    const given = past({ at: 5, run: { id: 30433642 } });
    given.jobs[0]!.run_id = 30433642;
    const { outputs, requests } = await select({ fleet: fleet(given), with: noToken });
    expect(outputs).toMatchObject({ reason: 'token-missing' });
    expect(requests.some(({ path }) => path.includes('30433642'))).toBe(false);
  });

  it('28: no history at all is unknown, never healthy', async () => {
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

  it('29: a heartbeat younger than its limit is life, in one call; an older one is not', async () => {
    const young = await select({ fleet: beats(44), config: beat('45m'), with: noToken });
    expect(young.outputs).toMatchObject({ pool: 'own', source: 'heartbeat', confidence: 'medium' });
    expect(young.requests.filter(({ path }) => path.includes('/actions/'))).toHaveLength(1);
    const old = await select({ fleet: beats(46), config: beat('45m'), with: noToken });
    expect(old.outputs).toMatchObject({ pool: 'hosted', reason: 'offline', source: 'heartbeat' });
  });

  it('29: of several pools each heartbeat is heard, within 6 calls, whatever history there is', async () => {
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

  it('29: a limit below twice the cadence is refused, twice is good', async () => {
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

  it('30: three infrastructure failures in 15 minutes open it for 30, then one run probes', async () => {
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

  it('30: a run that has waited for an approval for days does not hide the failures since', async () => {
    const waiting = { at: 3000, job: { ...queued, status: 'waiting' as const }, run: { status: 'waiting' } };
    const forever = { at: 3001, job: { ...queued, labels: ['x'] } };
    const { outputs } = await select({
      fleet: fleet({ ...past(waiting, forever, ...three(5)), runners: [{ id: 1, name: 'r', labels }] }),
      config: breaker(),
    });
    expect(outputs).toMatchObject({ reason: 'breaker-open' });
  });

  it('30: its own budget bounds it, and what was not read trips nothing', async () => {
    const runners = [{ id: 1, name: 'r', labels }];
    const given = { fleet: fleet({ ...past(...three(5)), runners }), config: breaker() };
    const { outputs, requests } = await select({ ...given, with: { 'history-calls': '2' } });
    expect(outputs).toMatchObject({ pool: 'own' });
    expect(requests.filter(({ path }) => path.endsWith('/jobs'))).toHaveLength(1);
  });

  it('31: three red tests leave it closed', async () => {
    const runners = [{ id: 1, name: 'r', labels }];
    const { outputs, report } = await select({
      fleet: fleet({ ...past(...three(5, red)), runners }),
      config: breaker(),
    });
    expect(outputs).toMatchObject({ pool: 'own' });
    expect(report?.pools[0]).toMatchObject({ breaker: 'closed' });
  });
});
