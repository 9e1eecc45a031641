import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs, type Seen, serve, startServer } from '@runner-actions/testing/servers';
import { describe, expect, it } from 'vitest';
import { readSamples } from '../../../../packages/history/src/prometheus-text.ts';
import { otlpParser, parseOtlp } from '../../../../packages/metrics/test/parse-otlp.ts';
import { ago, measure } from '../measured-job.ts';

const scrape = async (address: string) => readSamples(await (await fetch(`${address}/metrics`)).text());
type Samples = Awaited<ReturnType<typeof scrape>>;
const named = (samples: Samples, name: string) => samples.filter((sample) => sample.name === name);
const accept = () => serve(({ url }, response) => response.end(url?.startsWith('/v1/') ? '{}' : undefined));

const gateway = needs('prometheus-pushgateway');
describe(`report-job-metrics: a real Pushgateway${gateway.reason}`, () => {
  it.skipIf(gateway.isSkipped)(
    'has one group for the job, repository, workflow and class, which the next job replaces',
    async () => {
      const pushgateway = await startServer('prometheus-pushgateway', []);
      const inputs = { pushgateway, 'cost-per-hour': '0.06' };
      const first = await measure({ with: inputs });
      expect(first.warnings).toEqual([]);
      const group = {
        job: 'build',
        repository: 'octo/app',
        workflow: 'CI',
        runner_class: 'big',
        instance: '',
      };
      const samples = await scrape(pushgateway);
      expect(named(samples, 'ghjob_duration_seconds')).toMatchObject([
        { labels: group, value: first.report?.durationSeconds },
      ]);
      expect(named(samples, 'ghjob_cost')).toMatchObject([{ labels: { ...group, currency: 'USD' } }]);
      expect(named(samples, 'ghjob_queue_duration_seconds')).toMatchObject([{ value: 5 }]);
      // Another run on another runner of the same class.
      const env = { GITHUB_RUN_NUMBER: '563', RUNNER_NAME: 'runner-2' };
      const own = { runner_name: 'runner-2' };
      const second = await measure({ with: inputs, own, job: { env, jobStatus: 'failure' } });
      const after = await scrape(pushgateway);
      expect(named(after, 'push_time_seconds')).toHaveLength(1);
      expect(named(after, 'ghjob_duration_seconds')).toMatchObject([
        { value: second.report?.durationSeconds },
      ]);
      expect(named(after, 'ghjob_last_conclusion')).toMatchObject([
        { labels: { ...group, conclusion: 'failure' }, value: 1 },
      ]);
    },
  );
});

const exporter = needs('prometheus-node-exporter');
describe(`report-job-metrics: a real node_exporter${exporter.reason}`, () => {
  it.skipIf(exporter.isSkipped)('reads the figures of the last job of this runner', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'textfiles-'));
    const { warnings, report } = await measure({ with: { 'textfile-directory': folder } });
    expect(warnings).toEqual([]);
    const samples = await scrape(
      await startServer('prometheus-node-exporter', [
        ...['--collector.disable-defaults', '--collector.textfile'],
        `--collector.textfile.directory=${folder}`,
      ]),
    );
    expect(named(samples, 'node_textfile_scrape_error')).toMatchObject([{ value: 0 }]);
    const labels = {
      ...{ job: 'build', repository: 'octo/app', workflow: 'CI' },
      ...{ runner_class: 'big', runner: 'runner-1' },
    };
    expect(named(samples, 'ghjob_duration_seconds')).toMatchObject([
      { labels, value: report?.durationSeconds },
    ]);
    expect(named(samples, 'ghjob_machine_memory_peak_bytes')[0]?.value).toBeGreaterThan(2 ** 20);
  });
});

describe(`report-job-metrics: OTLP${otlpParser.reason}`, () => {
  it.skipIf(otlpParser.isSkipped)('sends metrics and a trace that the protocol allows', async () => {
    const { address, seen } = await accept();
    const steps = [
      {
        ...{ name: 'npm ci', number: 1, status: 'completed' as const, conclusion: 'success' },
        ...{ started_at: ago(60), completed_at: ago(30) },
      },
    ];
    const { warnings, job } = await measure({
      with: {
        ...{ 'otlp-endpoint': address, 'otlp-traces': 'true' },
        'otlp-headers': 'authorization=Bearer otlp-secret-1',
      },
      own: { steps },
    });
    expect([job.conclusion, warnings]).toEqual(['success', []]);
    const bodyOf = (url: string): Seen => seen.find((one) => one.url === url)!;
    expect(bodyOf('/v1/metrics').headers.authorization).toBe('Bearer otlp-secret-1');
    const metrics = JSON.stringify(await parseOtlp('metrics', bodyOf('/v1/metrics').body));
    expect(metrics).toContain('"name":"ghjob_duration_seconds"');
    expect(metrics).toContain('"key":"cicd.pipeline.task.run.result","value":{"stringValue":"success"}');
    const traces = JSON.stringify(await parseOtlp('traces', bodyOf('/v1/traces').body));
    expect(traces).toContain('"name":"build"');
    expect(traces).toContain('"name":"npm ci"');
    expect(seen).toHaveLength(2);
    expect(JSON.stringify(job.steps.concat(job.posts).map(({ log, state }) => [log, state]))).not.toContain(
      'otlp-secret-1',
    );
  });
});

describe('report-job-metrics: what is sent', () => {
  it.each(['failure', 'cancelled'] as const)(
    'says in the post that the job ended with %s',
    async (jobStatus) => {
      const { address, seen } = await accept();
      await measure({ with: { pushgateway: address }, job: { jobStatus } });
      expect(seen[0]?.body).toContain(`ghjob_last_conclusion{conclusion="${jobStatus}"} 1\n`);
    },
  );

  it('goes to the Pushgateway of the configuration', async () => {
    const { address, seen } = await accept();
    const files = { '.github/runner-config.yml': `metrics: { pushgateway: '${address}' }\n` };
    const repositories = [{ id: 1, name: 'app', private: true, files }];
    await measure({ fleet: { repositories } });
    expect(seen.map(({ method }) => method)).toEqual(['PUT']);
  });

  it("is nothing for a fork's pull request, and the log says why", async () => {
    const { address, seen } = await accept();
    const repository = { full_name: 'octo/app', private: true, default_branch: 'main' };
    const head = { repo: { full_name: 'stranger/app', fork: true } };
    const folder = mkdtempSync(join(tmpdir(), 'textfiles-'));
    const { phase, summary, warnings } = await measure({
      with: { pushgateway: address, 'otlp-endpoint': address, 'textfile-directory': folder },
      job: { event: { name: 'pull_request', payload: { repository, pull_request: { head } } } },
    });
    expect(seen).toEqual([]);
    expect(phase?.log).toContain('The metrics are not sent: the pull request comes from a fork.');
    expect(summary).toContain('### Job metrics');
    expect(warnings).toEqual([]);
  });

  it("is nothing for a fork's pull request whose steps rewrite the event's file", async () => {
    const { address, seen } = await accept();
    const repository = { full_name: 'octo/app', private: true, default_branch: 'main' };
    const head = { repo: { full_name: 'stranger/app', fork: true } };
    const rewrite = `
      const fs = require('fs'), file = process.env.GITHUB_EVENT_PATH, event = JSON.parse(fs.readFileSync(file));
      event.pull_request.head.repo = { full_name: 'octo/app', fork: false };
      fs.writeFileSync(file, JSON.stringify(event));`;
    const { phase } = await measure({
      with: { pushgateway: address },
      steps: [{ run: [process.execPath, '-e', rewrite] }],
      job: { event: { name: 'pull_request', payload: { repository, pull_request: { head } } } },
    });
    expect(seen).toEqual([]);
    expect(phase?.log).toContain('The metrics are not sent: the pull request comes from a fork.');
  });
});

describe('report-job-metrics: servers that fail', () => {
  it('one warning for each, with the words of the server, and the job is green', async () => {
    const { address, seen } = await serve((_seen, response) => response.writeHead(400).end('bad line 3'));
    const { job, warnings, summary } = await measure({
      with: {
        ...{ pushgateway: address, 'otlp-endpoint': 'http://127.0.0.1:1' },
        'textfile-directory': '/no/such/folder',
      },
    });
    expect(warnings.sort()).toEqual([
      expect.stringMatching(/^warning: OTLP \(metrics\) at 127\.0\.0\.1:1: connect ECONNREFUSED/),
      `warning: Pushgateway at ${new URL(address).host}: status 400: bad line 3.`,
      expect.stringMatching(/^warning: textfile: the folder \/no\/such\/folder does not exist\. .*[^.]\.$/),
    ]);
    expect(seen).toHaveLength(1);
    expect([job.conclusion, job.posts[0]?.exitCode]).toEqual(['success', 0]);
    expect(summary).toContain('### Job metrics');
  });

  it('a login is sent, and shown nowhere, even if the server sends it back', async () => {
    const { address, seen } = await serve(({ headers }, response) =>
      response.writeHead(401).end(`no pushpassword, no ${headers.authorization}`),
    );
    const { job, warnings } = await measure({
      with: { pushgateway: address.replace('//', '//ci:pushpassword@') },
    });
    const login = Buffer.from('ci:pushpassword').toString('base64');
    expect(seen[0]?.headers.authorization).toBe(`Basic ${login}`);
    expect(warnings).toEqual([expect.stringContaining('status 401: no ***, no Basic ***')]);
    const [main, post] = [job.steps[0]!, job.posts[0]!];
    expect([main.masks, post.masks].map((masks) => masks.includes('pushpassword'))).toEqual([true, true]);
    const shown = [main.log, post.log, post.summary, JSON.stringify(main.state)].join('\n');
    expect(shown).not.toMatch(/pushpassword/);
    expect(shown).not.toContain(login);
  });

  it.each([
    ['pushgateway', 'metrics.example.com'],
    ['otlp-endpoint', 'https://otlp.example.com/v1/metrics'],
  ])('a wrong %s is an error of the first step', async (input, address) => {
    const { job } = await measure({ with: { [input]: address } });
    expect(job.conclusion).toBe('failure');
    expect(job.steps[0]?.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining(`The input ${input}`) },
    ]);
    expect(job.posts[0]?.annotations).toEqual([]);
  });
});
