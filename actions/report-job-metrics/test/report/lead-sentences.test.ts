import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/figures/figures.ts';
import { factsOf } from '../../src/figures/own-job-facts.ts';
import { makeReport, type Reported } from '../../src/report/report.ts';
import { renderSummary } from '../../src/report/summary.ts';
import type { Sample, SeriesHead } from '../../src/sampling/sample.ts';
import { jobOf, stepAt } from '../make-job.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';
import { drawChart } from '../mermaid.ts';

const gib = 2 ** 30;
const head = { cores: { value: 8, source: 'machine' } };
/** A machine of 8 CPUs of which the job used 2 and others 3, for 20 s. */
const shared = (more: (seconds: number) => Partial<Sample> = () => ({})): Sample[] =>
  Array.from({ length: 11 }, (_, index) => {
    const seconds = index * 2;
    const heaviest = [{ name: 'cc1`|plus', cpuSeconds: 3, memoryBytes: gib }];
    const use = { cpuSeconds: 2 * seconds, memoryBytes: (1 + index / 10) * gib, processes: 3, heaviest };
    return sampleAt(seconds, {
      ...busy(5 * seconds, 8 * seconds),
      ...{ memory: { usedBytes: 6 * gib, totalBytes: 16 * gib } },
      ...{ job: { source: 'processes' as const, ...use } },
      ...more(seconds),
    });
  });

function reportedOf(samples: Sample[], change: Partial<SeriesHead> = {}): Reported {
  const series = seriesOf(samples, { ...head, ...change });
  return { series, figures: summarise(series), end: 'stopped' };
}
const summaryOf = (reported: Reported) => renderSummary(reported, 'mermaid');
const chartsIn = (text: string): string[] =>
  [...text.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map((match) => match[1] ?? '');

describe('whose use', () => {
  const text = summaryOf(reportedOf(shared()));

  it('leads the summary: this job, others on this machine', () => {
    expect(text.split('\n').slice(2, 4)).toEqual([
      '- CPU: this job used 2 of 8 CPUs on average (at most 2); others on this machine 3.',
      '- Memory: this job had 1.6 GiB on average (at most 2.0 GiB); others on this machine 4.5 GiB. In all, at most 6.0 GiB in use, 37.5 % of the 16.0 GiB that the machine has.',
    ]);
    expect(text).toContain('| CPU, this job | 25.0 % | 25.0 % | 25.0 % |');
  });

  it('is what the one row with charts: text shows', () => {
    expect(renderSummary(reportedOf(shared()), 'text')).toMatch(
      /\| CPU of this job, mean \| over time \| Memory of this job, max \|.*\n.*\n\| 25\.0 % \| ▃{10} \| 2\.0 GiB \|/,
    );
  });

  it('is a line each in the charts of CPU and memory, with the colours in the title', async () => {
    const [cpu, memory] = await Promise.all(chartsIn(text).map(drawChart));
    expect(cpu).toMatchObject({
      title: 'CPU, % of 8 CPUs - this job (blue), all (orange)',
      lines: [
        { colour: '#1f7ae0', points: 10 },
        { colour: '#d9730d', points: 10 },
      ],
    });
    expect(memory?.title).toBe('Memory in use, machine: 16.0 GiB - this job (blue), all (orange)');
    expect(memory?.lines).toHaveLength(2);
  });

  it('names the limit that others share, if it is that of a cgroup', () => {
    const cgroup = (seconds: number) => ({ cgroup: { cpuSeconds: 3 * seconds } });
    const limited = reportedOf(shared(cgroup), { cores: { value: 4, source: 'cgroup' } });
    expect(summaryOf(limited)).toContain(
      'used 2 of 4 CPUs on average (at most 2); others under the same limit 1.',
    );
  });

  it('says why it is unknown, and draws the machine alone', async () => {
    const notes = ['The job’s processes cannot be told apart.', 'No pressure.'];
    const unknown = summaryOf(
      reportedOf(shared((at) => ({ job: undefined as never, ...(at === 0 ? { notes } : {}) }))),
    );
    expect(unknown).toContain('- CPU: 5 of 8 CPUs in use on average (at most 5), by this job and others.');
    expect(unknown).toContain(
      '- What this job itself used of it is unknown. The job’s processes cannot be told apart.\n',
    );
    expect((await drawChart(chartsIn(unknown)[0] ?? '')).lines).toHaveLength(1);
    expect(unknown.trimEnd().endsWith('> No pressure.')).toBe(true);
  });

  it('lists the heaviest processes, with their names as code', () => {
    expect(text).toContain('| ``cc1`\\|plus`` | 33.0 s | 1.0 GiB |');
  });
});

describe('who else was there', () => {
  it('compares waiting for CPUs with the time alone', () => {
    const alone = shared((seconds) => ({
      neighbours: seconds > 10 ? 1 : 0,
      pressure: { cpu: seconds <= 10 ? seconds * 0.05 : 0.5 + (seconds - 10) * 0.34 },
    }));
    expect(summaryOf(reportedOf(alone))).toContain(
      '- Another job ran on this machine for 10.0 s: meanwhile, tasks waited for a CPU 34 % of the time; 5 % alone.',
    );
  });

  it('shows GPUs, and what disks read and wrote', () => {
    const text = summaryOf(
      reportedOf(
        shared((seconds) => ({
          gpus: [{ index: 0, name: 'NVIDIA L4', use: 0.5, usedBytes: gib, totalBytes: 24 * gib }],
          diskTraffic: { readBytes: seconds * gib, writtenBytes: 0 },
        })),
      ),
    );
    expect(text).toContain('| 0: `NVIDIA L4` | 50.0 % | 50.0 % | 1.0 GiB | 24.0 GiB |');
    expect(text).toContain('- Disks of the machine: 20.0 GiB read, 0 B written.');
  });
});

describe('what GitHub says', () => {
  const reported = reportedOf(shared());
  const withJob = (change: Parameters<typeof jobOf>[0]): Reported => ({
    ...reported,
    job: factsOf(jobOf(change), reported.series, reported.figures),
  });

  it('tells how long the job waited for its runner', () => {
    expect(summaryOf(withJob({}))).toContain('- Queue: the job waited 12 s for its runner.\n');
    expect(summaryOf(withJob({ isCreationUnknown: true }))).toContain('- Queue: unknown, because GitHub');
    expect(summaryOf(withJob({ createdAt: sampleAt(9).wall }))).toContain(
      "- Queue: the job waited 0 s for its runner. GitHub's times give less than 0, so this is shown as 0.",
    );
  });

  it('is in the JSON report, with steps and their kinds', () => {
    const report: unknown = JSON.parse(
      JSON.stringify(makeReport(withJob({ steps: [stepAt('npm test', 0, 10), stepAt('x', 10, 20)] }))),
    );
    expect(report).toMatchObject({
      queueSeconds: 12,
      stepsWhose: 'job',
      steps: [{ name: 'npm test', kind: 'test', cpuSeconds: 20, span: { from: 0, to: 10 } }, { name: 'x' }],
      stepKinds: [
        { kind: 'test', seconds: 10, share: 0.5, cpuSeconds: 20 },
        { kind: 'other', share: 0.5 },
      ],
      use: { cpu: { job: 2, jobMost: 2, others: 3 } },
      processes: [{ name: 'cc1`|plus', cpuSeconds: 33 }],
    });
    expect(makeReport({ ...reported, job: { unknown: 'why' } })).toMatchObject({ stepsUnknown: 'why' });
  });
});
