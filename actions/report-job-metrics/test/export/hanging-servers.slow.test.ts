import { serve } from '@runner-actions/testing/servers';
import { expect, it } from 'vitest';
import { measure } from '../measured-job.ts';

it.each([
  ['servers that receive figures', []],
  ['GitHub and servers that receive figures', [{ match: /workflows/, kind: 'stall' as const }]],
])(
  'report-job-metrics: a cancelled job does not wait longer than 10 s for %s that never answer',
  async (_title, faults) => {
    const { address, seen } = await serve(() => undefined);
    const { job, phase, warnings, summary } = await measure({
      with: { pushgateway: address, 'otlp-endpoint': address, 'otlp-traces': 'true' },
      ...{ faults, job: { jobStatus: 'cancelled' } },
    });
    expect(phase).toMatchObject({ exitCode: 0 });
    expect(job.posts).toHaveLength(1);
    expect(summary).toContain('### Job metrics');
    expect(seen).toHaveLength(3);
    expect(warnings).toHaveLength(3);
    expect(warnings.join()).toMatch(/no complete response/);
    expect(phase?.milliseconds).toBeLessThan(10_000);
  },
);
