// Scale sets, whose runners start when a job arrives.
import { describe, expect, it } from 'vitest';
import { fleet, runner, select } from '../run-select-runner.ts';
import { gauges, serveMetrics } from './metrics-server.ts';
import { past, queued } from './past-jobs.ts';

const pool = (url?: string, more = '') => `pools:
  arc:
    runs-on: arc-large
    kind: scale-set
${url === undefined ? '' : `    metrics-url: ${url}\n`}${more}  hosted: { runs-on: ubuntu-latest, kind: hosted }
`;
const idle = { assigned_jobs: 2, running_jobs: 2, idle_runners: 0, registered_runners: 2, max_runners: 5 };
const choose = async (text: string, more = '') =>
  select({ fleet: fleet(), config: pool(await serveMetrics(text), more) });

describe('select-runner: scale sets', () => {
  it('treats a scale set as unknown when the list of runners is empty, even with a runner-token', async () => {
    const unknown = await select({ fleet: fleet(), config: pool() });
    expect(unknown.outputs).toMatchObject({
      pool: 'hosted',
      reason: 'unknown',
      'runs-on': '"ubuntu-latest"',
    });
    const used = await select({ fleet: fleet(), config: pool(undefined, '    on-unknown: use\n') });
    expect(used.outputs).toMatchObject({ pool: 'arc', 'runs-on': '"arc-large"' });
    const listed = fleet({ runners: [runner(1, { labels: ['arc-large'] })] });
    expect((await select({ fleet: listed, config: pool() })).outputs).toMatchObject({
      pool: 'arc',
      reason: 'idle',
      source: 'runners-api',
    });
  });

  it('reads the free capacity of a scale set from its metrics', async () => {
    const { outputs, report } = await choose(gauges(idle));
    expect(outputs).toMatchObject({
      pool: 'arc',
      reason: 'idle',
      source: 'scale-set-metrics',
      confidence: 'high',
    });
    expect(report?.pools[0]).toMatchObject({ free: 3 });
  });

  it('finds a scale set with several labels in the metrics by the name of its pool', async () => {
    const url = await serveMetrics(gauges(idle));
    const config = `pools:
  NAME: { runs-on: [self-hosted, gpu], kind: scale-set, metrics-url: '${url}' }
  hosted: { runs-on: ubuntu-latest, kind: hosted }
`;
    const at = async (name: string) =>
      (await select({ fleet: fleet(), config: config.replace('NAME', name) })).outputs['reason'];
    expect([await at('arc-large'), await at('other')]).toEqual(['idle', 'unknown']);
  });

  it('reports a scale set as saturated when it has all the jobs it can take', async () => {
    const { outputs } = await choose(gauges({ ...idle, assigned_jobs: 5 }));
    expect(outputs).toMatchObject({ pool: 'hosted', reason: 'saturated' });
    const capped = await choose(gauges(idle), '    max-runners: 2\n');
    expect(capped.outputs).toMatchObject({ pool: 'hosted', reason: 'saturated' });
  });

  const starting = { ...idle, assigned_jobs: 4, running_jobs: 1, registered_runners: 1, max_runners: 40 };

  it('takes a scale set whose jobs wait for runners that start, with medium confidence', async () => {
    for (const failed of [{}, { controller_failed_ephemeral_runners: 3 }]) {
      const { outputs } = await choose(gauges({ ...starting, ...failed }));
      expect(outputs).toMatchObject({ pool: 'arc', reason: 'idle', confidence: 'medium' });
    }
  });

  it('reports a scale set as degraded when failed runners hold the places of those that it wants', async () => {
    const failed = { controller_failed_ephemeral_runners: 3, controller_pending_ephemeral_runners: 0 };
    const text = gauges({ ...starting, ...failed, desired_runners: 4 });
    expect((await choose(text)).outputs).toMatchObject({ pool: 'hosted', reason: 'degraded' });
  });

  it('reports a scale set as degraded when jobs wait and none of this repository was taken for minutes', async () => {
    const from = async (values: Record<string, number>, minutes: number) => {
      const config = pool(await serveMetrics(gauges(values)));
      const jobs = past({ at: minutes, job: { ...queued, labels: ['arc-large'] } });
      return (await select({ fleet: fleet(jobs), config })).outputs;
    };
    expect(await from(starting, 12)).toMatchObject({ pool: 'hosted', reason: 'degraded' });
    expect(await from(starting, 1)).toMatchObject({ pool: 'arc', reason: 'idle', confidence: 'medium' });
    expect(await from({ ...starting, idle_runners: 1 }, 12)).toMatchObject({
      pool: 'arc',
      confidence: 'high',
    });
  });

  it.each([
    ['a series is missing', gauges({ assigned_jobs: 1, running_jobs: 1, idle_runners: 1, max_runners: 5 })],
    ['a value is NaN', gauges({ ...idle, assigned_jobs: 'NaN' })],
    ['the scrape is old', gauges(idle).replaceAll(/ (\d+)$/gm, ` $1 ${Date.now() - 600_000}`)],
    ['the answer is empty', ''],
    ['the maximum of runners is NaN', gauges({ ...idle, max_runners: 'NaN' })],
    ['the number of failed runners is NaN', gauges({ ...idle, controller_failed_ephemeral_runners: 'NaN' })],
  ])('treats a scale set as unknown when %s', async (_name, text) => {
    expect((await choose(text)).outputs).toMatchObject({
      pool: 'hosted',
      reason: 'unknown',
      confidence: 'low',
    });
  });

  it('warns without showing a secret when the listener is down, stalls, or gives an invalid answer', async () => {
    const answers = [
      await serveMetrics('<html>').then((url) => url.replace(/:\d+/, ':1')),
      await serveMetrics(() => undefined),
      await serveMetrics(
        (_request, response) => void response.setHeader('content-type', 'text/html').end('<html>'),
      ),
      await serveMetrics(
        (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      ),
      await serveMetrics((_request, response) => void response.end('x 1\n'.repeat(2_000_000))),
    ];
    for (const url of answers) {
      const given = {
        fleet: fleet(),
        config: pool(url, '    metrics-token-env: RUNNER_ACTIONS_SECRET_ARC\n'),
      };
      const { outputs, annotations, stdout, exitCode } = await select({
        ...given,
        env: { RUNNER_ACTIONS_SECRET_ARC: 'top-secret' },
      });
      expect([exitCode, outputs['pool'], outputs['reason']]).toEqual([0, 'hosted', 'unknown']);
      expect(annotations[0]?.message).toMatch(/metrics of 127\.0\.0\.1/);
      expect(stdout.replaceAll('::add-mask::top-secret', '')).not.toContain('top-secret');
    }
  });

  it('does not quote the metrics token in an error when it is not valid in a header', async () => {
    const config = pool(
      await serveMetrics(gauges(idle)),
      '    metrics-token-env: RUNNER_ACTIONS_SECRET_ARC\n',
    );
    const { outputs, stdout } = await select({
      fleet: fleet(),
      config,
      env: { RUNNER_ACTIONS_SECRET_ARC: 'se\ncret' },
    });
    expect(outputs).toMatchObject({ pool: 'hosted', reason: 'unknown' });
    expect(stdout.replaceAll(/^::add-mask::.*$/gm, '')).not.toMatch(/cret/);
  });

  it('sends the metrics token to the listener', async () => {
    let seen: string | undefined;
    const url = await serveMetrics((request, response) => {
      seen = request.headers.authorization;
      response.end(gauges(idle));
    });
    const config = pool(url, '    metrics-token-env: RUNNER_ACTIONS_SECRET_ARC\n');
    expect(
      (await select({ fleet: fleet(), config, env: { RUNNER_ACTIONS_SECRET_ARC: 't1' } })).outputs['pool'],
    ).toBe('arc');
    expect(seen).toBe('Bearer t1');
  });

  it('sends no other secret of the job to the listener, and none that a file of another repository names', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serveMetrics((request, response) => {
      seen.push(request.headers.authorization);
      response.end(gauges(idle));
    });
    const env = {
      ...{ ACTIONS_RUNTIME_TOKEN: 'cache-token', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'identity-token' },
      ...{ GITHUB_TOKEN: 'job-token', RUNNER_ACTIONS_SECRET_ARC: 't1' },
    };
    const other = (text: string) => ({
      ...fleet(),
      repositories: [
        ...fleet().repositories,
        { id: 2, name: '.github', files_at: { v1: { 'a.yml': text } } },
      ],
    });
    const named = (name: string) => `    metrics-token-env: ${name}\n`;
    const secret = named('RUNNER_ACTIONS_SECRET_ARC');
    const extended = 'extends: octo/.github:a.yml@v1\n';
    const cases: [string, string][] = [
      ...['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'GITHUB_TOKEN'].flatMap(
        (name): [string, string][] => [
          [pool(url, named(name)), ''],
          [extended, pool(url, named(name))],
        ],
      ),
      [extended, pool(url, secret)],
      [`${extended}pools: { arc: { metrics-token-env: RUNNER_ACTIONS_SECRET_ARC } }\n`, pool(url)],
    ];
    for (const [config, text] of cases) {
      const { outputs, annotations } = await select({ fleet: other(text), config, env });
      expect(outputs['pool']).toBe('arc');
      expect(annotations).toMatchObject([
        { level: 'warning', message: expect.stringMatching(/metrics-token-env is ignored: /) as string },
      ]);
    }
    expect(seen).toEqual(cases.map(() => undefined));
  });

  it('treats several series without a distinguishing label as unknown, and uses the label if there is one', async () => {
    const two = gauges(idle, '{namespace="a"}') + gauges({ ...idle, max_runners: 9 }, '{namespace="b"}');
    expect((await choose(two)).outputs).toMatchObject({ pool: 'hosted', reason: 'unknown' });
    const named = gauges(idle) + gauges({ ...idle, max_runners: 1 }, '{name="other"}');
    expect((await choose(named)).outputs).toMatchObject({ pool: 'arc', reason: 'idle' });
  });
});
