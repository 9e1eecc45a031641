import { serve } from '@runner-actions/testing/servers';
import { expect, it } from 'vitest';
import { measure } from '../measured-job.ts';

it('report-job-metrics: servers that never answer are not waited for longer than 10 s, and the job is green', async () => {
  const { address, seen } = await serve(() => undefined);
  const { job, phase, warnings } = await measure({
    with: { pushgateway: address, 'otlp-endpoint': address, 'otlp-traces': 'true' },
  });
  expect(job.conclusion).toBe('success');
  expect(seen).toHaveLength(3);
  expect(warnings).toHaveLength(3);
  expect(warnings.join()).toMatch(/no complete response/);
  expect(phase?.milliseconds).toBeLessThan(10_000);
});
