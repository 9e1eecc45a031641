import { expect, it } from 'vitest';
import { processes } from '../../../../packages/host/test/job-use/fixture-processes.ts';
import { openJobUse } from '../../src/sampling/job-use-io.ts';

const trackingId = 'github_1';
const init = { pid: 1, name: 'systemd' };
const step = (cpu: number) => ({ pid: 20, name: 'bash', trackingId, cpu });

it('goes on to tell the use of a job at a sample between two steps, at which no process of it runs', () => {
  const { kernel, show } = processes(init, step(1));
  const job = openJobUse({ trackingId }, kernel);
  show(init, step(3));
  expect(job.read().job).toMatchObject({ source: 'processes', cpuSeconds: 2, processes: 1 });
  show(init);
  expect(job.read().job).toMatchObject({ source: 'processes', cpuSeconds: 2, processes: 0 });
  expect(job.notes()).toEqual([expect.stringContaining('/proc shows only processes')]);
});

it('tells no use, and why, where no process of the job was ever seen', () => {
  const { kernel } = processes(init);
  const job = openJobUse({ trackingId }, kernel);
  expect([job.read().job, job.read().job]).toEqual([undefined, undefined]);
  expect(job.notes()).toContainEqual(expect.stringContaining('What this job itself used is unknown'));
});
