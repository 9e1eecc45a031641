import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { endProcesses, listProcesses, readProcess, recordHelper, runningHelpers } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { machineProcesses } from '../../src/items/processes-io.ts';
import { processesItem } from '../../src/items/processes.ts';

const action = resolve(import.meta.dirname, '../..');

/** A job of this test, with an own tracking id, and its item. The item lists processes without the bundled helper. */
function startJob() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'processes-')));
  const trackingId = `github_${randomUUID()}`;
  /** Runs a step, and returns the pids that it prints. */
  const step = (script: string): number[] => {
    const env = { ...process.env, RUNNER_TRACKING_ID: trackingId };
    const { stdout, stderr, status } = spawnSync('bash', ['-ec', script], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    return stdout.trim().split(/\s+/).map(Number);
  };
  const item = processesItem(
    { trackingId, workspace: folder },
    { list: async () => listProcesses(), helpers: () => runningHelpers(folder), end: endProcesses },
  );
  const deadline = startDeadline(60_000);
  const clean = async () => item.execute(await item.plan(deadline), deadline);
  return { folder, step, item, deadline, clean, trackingId };
}

const quiet = '>/dev/null 2>&1 </dev/null';
/** Waits in bash until a file exists. */
const until = (file: string) => `until [ -e ${file} ]; do sleep 0.02; done`;
const isRunning = (pid: number): boolean => readProcess(pid)?.zombie === false;

describe.runIf(process.platform === 'linux')('processes that outlive their steps', () => {
  it('shut down in order on SIGTERM, with their descendants that cleared the tracking id', async () => {
    const { folder, step, clean } = startJob();
    const server = `process.on('SIGTERM', () => { fs.writeFileSync('saved', ''); process.exit(); });
      fs.writeFileSync('ready', ''); setInterval(() => {}, 1000);`;
    const pids = step(
      `node -e "${server}" ${quiet} & echo $!
       bash -c 'env -u RUNNER_TRACKING_ID sleep 600 & echo $! > child; RUNNER_TRACKING_ID= sleep 601 & echo $! > empty; wait' ${quiet} & echo $!
       ${until('ready')}; ${until('empty')}; sleep 0.1; cat child empty`,
    );
    expect(pids.map(isRunning)).toEqual([true, true, true, true]);
    expect(await clean()).toEqual({ removed: 4, freedBytes: 0, residue: [], finished: true });
    expect(pids.map(isRunning)).toEqual([false, false, false, false]);
    expect(existsSync(join(folder, 'saved'))).toBe(true);
  });

  it('are found again if they start others while they end', async () => {
    const { folder, step, clean } = startJob();
    // Each starts its successor when it is told to end, three times.
    const heir = `trap 'n=$1; [ $n -gt 0 ] && { setsid bash heir $((n - 1)) ${quiet} & }; exit' TERM
      echo $$ >> pids; while :; do sleep 0.02; done`;
    step(`cat > heir <<'EOF'\n${heir}\nEOF\nsetsid bash heir 3 ${quiet} & ${until('pids')}`);
    const outcome = await clean();
    const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(4);
    expect(pids.map(isRunning)).toEqual([false, false, false, false]);
    expect(outcome).toMatchObject({ residue: [], finished: true });
  });

  it('stay if nothing proves that they belong to the job, if they are a helper, or if they are of another job', async () => {
    const [{ folder, step, item, deadline, clean }, other] = [startJob(), startJob()];
    const [detached = 0, helper = 0] = step(
      `env -u RUNNER_TRACKING_ID sleep 600 ${quiet} & echo $!; sleep 601 ${quiet} & echo $!`,
    );
    recordHelper(folder, helper);
    const [neighbour = 0] = other.step(`sleep 602 ${quiet} & echo $!`);
    const why = Object.fromEntries((await item.plan(deadline)).map((step) => [step.process.pid, step.why]));
    expect(why).toEqual({
      [detached]: expect.stringContaining('nothing shows that this job started it'),
      [helper]: 'a helper of Runner Actions that is at work',
    });
    expect(await clean()).toMatchObject({ removed: 0, residue: [] });
    expect([detached, helper, neighbour].map(isRunning)).toEqual([true, true, true]);
    for (const pid of [detached, helper, neighbour]) process.kill(pid, 'SIGKILL');
  });

  const isRoot = process.getuid?.() === 0;
  const why = isRoot ? '' : ' (skipped: only root can start such processes)';
  it.runIf(isRoot)(`stay if they are of another user, or in a container${why}`, async () => {
    const { step, item, deadline } = startJob();
    const [other = 0, parent = 0, contained = 0] = step(
      `setpriv --reuid=65534 --clear-groups sleep 600 ${quiet} & echo $!
       unshare --pid --fork env -u RUNNER_TRACKING_ID bash -c 'read pid _ < /proc/self/stat; echo $pid > inside; exec sleep 601' ${quiet} & echo $!
       ${until('inside')}; sleep 0.05; cat inside`,
    );
    const steps = await item.plan(deadline);
    expect(steps.map(({ process, action, why }) => `${action} ${process.pid}: ${why}`)).toEqual([
      `remove ${parent}: has this job's RUNNER_TRACKING_ID, and its step has ended`,
      `keep ${contained}: works in the workspace, in a container`,
    ]);
    expect(item.notes?.(undefined)).toEqual([
      '1 process of this job is left alone: this user may not end those of other users.',
    ]);
    for (const pid of [other, parent, contained]) process.kill(pid, 'SIGKILL');
  });
});

it('lists processes in a helper process of the bundle', () => {
  const script = join(action, 'dist', 'list-processes', 'index.js');
  const { stdout } = spawnSync(process.execPath, [script], { input: '{}', encoding: 'utf8' });
  const reply = JSON.parse(stdout) as { ok: boolean; result: { pid: number }[] };
  expect(reply.ok).toBe(true);
  if (process.platform === 'linux') expect(reply.result.map(({ pid }) => pid)).toContain(process.pid);
});

it('does not know the processes if the helper process does not answer', async () => {
  // The helper's script is not next to the script that runs this test.
  const listed = await machineProcesses(tmpdir()).list(startDeadline(60_000));
  expect(listed).toEqual({ unknown: expect.stringMatching(/^Processes cannot be/) });
});
