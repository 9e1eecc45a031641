// Pools that start runners when jobs come, and are not ARC scale sets. Nothing but jobs and heartbeats shows them.
import { describe, expect, it } from 'vitest';
import { fleet, runner, select } from '../run-select-runner.ts';
import { past, queued } from './past-jobs.ts';

const labels = ['self-hosted', 'aws'];
const pool = (more = '') => `pools:
  aws: { runs-on: [self-hosted, aws], kind: autoscaled${more} }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
`;
const choose = async (change: Parameters<typeof fleet>[0], more = '', jobs = '1') =>
  select({ fleet: fleet(change), config: pool(more), with: { jobs } });
/** A job that was taken hours ago, after it had waited for three minutes. */
const earlier = { at: 203, job: { labels, started_at: new Date(Date.now() - 200 * 60_000).toISOString() } };
const waiting = (minutes: number) => ({ at: minutes, job: { ...queued, labels } });

describe('select-runner: autoscaled pools', () => {
  it.each([
    ['no runner is listed', []],
    ['only an offline runner is listed', [runner(1, { labels, status: 'offline' })]],
  ])('does not know a pool where %s, and says what to do', async (_case, runners) => {
    const { outputs, stdout } = await choose({ runners, ...past(earlier) });
    expect(outputs).toMatchObject({ pool: 'hosted', reason: 'unknown' });
    expect(stdout).toMatch(/its last job was taken 3\.3 h ago; .* 'on-unknown: use', or give it a heartbeat/);
    const used = await choose({ runners, ...past(earlier) }, ', on-unknown: use');
    expect(used.outputs).toMatchObject({ pool: 'aws', reason: 'unknown' });
  });

  it('takes a free runner in the list as an answer', async () => {
    const { outputs } = await choose({ runners: [runner(1, { labels })] });
    expect(outputs).toMatchObject({ pool: 'aws', reason: 'idle', source: 'runners-api' });
  });

  it('uses a pool that took a job a few minutes ago, although no runner is listed', async () => {
    const { outputs } = await choose(past({ at: 6, job: { labels } }));
    expect(outputs).toMatchObject({ pool: 'aws', reason: 'idle', source: 'history' });
  });

  it.each([
    ['waits for a machine that boots as long as usual', 5, 'starting'],
    ['leaves a pool where a job waits for much longer than usual', 8, 'offline'],
  ])('%s', async (_case, minutes, reason) => {
    const { outputs } = await choose(past(waiting(minutes), earlier));
    expect(outputs).toMatchObject({ pool: 'hosted', reason });
  });

  it('places no more jobs than max-runners leaves beside the jobs in progress and in the queue', async () => {
    const running = {
      at: 5,
      job: { labels, status: 'in_progress' as const, conclusion: null, completed_at: null },
    };
    const poolsOf = async (maximum: number, more = '') => {
      const given = past(running, waiting(1), earlier);
      const { outputs } = await choose(given, `, max-runners: ${maximum}${more}`, '4');
      const { include } = JSON.parse(outputs['matrix'] ?? '') as { include: { pool: string }[] };
      return include.map(({ pool: name }) => name);
    };
    expect(await poolsOf(4)).toEqual(['aws', 'aws', 'hosted', 'hosted']);
    expect(await poolsOf(2)).toEqual(['hosted', 'hosted', 'hosted', 'hosted']);
  });

  it('places no more jobs than max-runners leaves in a pool that is used although it is unknown', async () => {
    const { outputs } = await choose(past(waiting(1)), ', on-unknown: use, max-runners: 2', '3');
    const { include } = JSON.parse(outputs['matrix'] ?? '') as { include: { pool: string }[] };
    expect(include.map(({ pool: name }) => name)).toEqual(['aws', 'hosted', 'hosted']);
    const full = await choose(past(waiting(1)), ', on-unknown: use, max-runners: 1');
    expect(full.outputs).toMatchObject({ pool: 'hosted', reason: 'saturated' });
  });
});
