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

/** Starts a process of the job, which waits. Its parent is a shell: children of this process would not count. */
async function start(trackingId: string): Promise<{ shell: ChildProcess; pid: number }> {
  const script = 'console.log(process.pid); setInterval(() => undefined, 60_000)';
  const shell = spawn('/bin/sh', ['-c', '"$0" -e "$1"; :', process.execPath, script], {
    env: { RUNNER_TRACKING_ID: trackingId },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [text] = (await once(shell.stdout, 'data')) as [Buffer];
  return { shell, pid: Number(text.toString()) };
}

it.runIf(process.platform === 'linux')(
  "does not count a sampler that started before, such as that of the machine's hooks, as the job's",
  async () => {
    const [temp, trackingId] = [mkdtempSync(join(tmpdir(), 'helpers-')), `github_${randomUUID()}`];
    const [helper, other] = [await start(trackingId), await start(trackingId)];
    try {
      recordHelper(temp, helper.pid);
      const job = openJobUse(jobPlace(trackingId, temp));
      expect(job.read().job?.processes).toBe(1);
      expect([job.isMember(helper.pid), job.isMember(other.pid)]).toEqual([false, true]);
    } finally {
      for (const { shell, pid } of [helper, other]) {
        process.kill(pid, 'SIGKILL');
        shell.kill('SIGKILL');
      }
    }
  },
);
