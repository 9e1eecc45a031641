import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordHelper } from '@runner-actions/host';
import { expect, it } from 'vitest';
import { jobPlace } from '../../src/sampling/job-place-io.ts';
import { openJobUse } from '../../src/sampling/job-use-io.ts';

/** Starts a process of the job, which waits. */
async function start(trackingId: string): Promise<ChildProcess> {
  const script = 'console.log(); setInterval(() => undefined, 60_000)';
  const child = spawn(process.execPath, ['-e', script], {
    env: { RUNNER_TRACKING_ID: trackingId },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child;
}

it.runIf(process.platform === 'linux')(
  "does not count a sampler that started before, such as that of the machine's hooks, as the job's",
  async () => {
    const [temp, trackingId] = [mkdtempSync(join(tmpdir(), 'helpers-')), `github_${randomUUID()}`];
    const [helper, other] = [await start(trackingId), await start(trackingId)];
    try {
      recordHelper(temp, helper.pid ?? 0);
      const job = openJobUse(jobPlace(trackingId, temp));
      expect(job.read().job?.processes).toBe(1);
      expect([job.isMember(helper.pid ?? 0), job.isMember(other.pid ?? 0)]).toEqual([false, true]);
    } finally {
      for (const child of [helper, other]) child.kill('SIGKILL');
    }
  },
);
