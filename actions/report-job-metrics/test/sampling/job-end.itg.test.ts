import { serve } from '@runner-actions/testing/servers';
import { describe, expect, it } from 'vitest';
import { killSampler } from '../job-scripts.ts';
import { measure } from '../measured-job.ts';

const linux = process.platform === 'linux';

/** A step that says that it runs, and then never ends. */
const endless = [process.execPath, '-e', 'setInterval(() => {}, 1000)'];

describe.runIf(linux)('report-job-metrics: a job that does not end as planned', () => {
  it('situation 6: a job that is cancelled is reported and sent within 10 s', async () => {
    const { address, seen } = await serve((_seen, response) => response.end());
    const cancel = new AbortController();
    const { job, phase, summary, report } = await measure({
      with: { pushgateway: address },
      steps: [{ run: endless }],
      job: {
        cancel: cancel.signal,
        onStart: ({ phase: started }) => {
          if (started === 'run') cancel.abort();
        },
      },
    });
    expect(job.conclusion).toBe('cancelled');
    expect(phase).toMatchObject({ exitCode: 0, annotations: [] });
    expect(phase?.milliseconds).toBeLessThan(10_000);
    expect(summary).toContain('Not compared with earlier runs, because the job was cancelled.');
    expect(report).toMatchObject({ end: 'stopped' });
    expect(seen[0]?.body).toContain('ghjob_last_conclusion{conclusion="cancelled"} 1\n');
    expect(job.orphans).toEqual([]);
  });

  it('situation 3: what a killed sampler had measured is reported, priced and sent', async () => {
    const { address, seen } = await serve((_seen, response) => response.end());
    const { phase, summary, report } = await measure({
      with: { pushgateway: address, interval: '500ms', 'cost-per-hour': '1' },
      // The job goes on for two seconds.
      steps: [{ ...killSampler }, { run: [process.execPath, '-e', 'setTimeout(() => {}, 2000)'] }],
    });
    expect(report).toMatchObject({ end: 'lost', skipped: 1 });
    const { durationSeconds, summary: figures } = report as unknown as {
      durationSeconds: number;
      summary: { durationSeconds: number };
    };
    expect(durationSeconds).toBeGreaterThan(figures.durationSeconds + 2);
    expect(phase).toMatchObject({ exitCode: 0, annotations: [] });
    expect(summary).toMatch(/Sampler stopped at \d\d:\d\d:\d\d UTC/);
    expect(summary).toMatch(/Cost: \$0\.0\d+ on this machine/);
    expect(seen[0]?.body).toContain('ghjob_machine_memory_peak_bytes ');
  });
});
