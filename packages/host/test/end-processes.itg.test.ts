import { spawn } from 'node:child_process';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { endProcesses, type ProcessIdentity, processAlive, readProcess } from '../src/index.ts';

/** Starts a script in Node and waits until it prints a line. */
async function start(script: string): Promise<ProcessIdentity> {
  const code = `${script}; console.log('ready'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const pid = child.pid ?? 0;
  return { pid, startTime: readProcess(pid)?.startTime ?? 0 };
}

const alive = ({ pid, startTime }: ProcessIdentity) => processAlive(pid, startTime);
const ignoresTerm = `process.on('SIGTERM', () => {})`;

describe.runIf(process.platform === 'linux')('endProcesses', () => {
  it('lets a process shut down on SIGTERM, and kills one that ignores it after the grace', async () => {
    const sent: string[] = [];
    const send = (pid: number, name: NodeJS.Signals): void => {
      sent.push(`${pid} ${name}`);
      process.kill(pid, name);
    };
    const [polite, deaf] = await Promise.all([start(''), start(ignoresTerm)]);
    const limits = { grace: 300, deadline: startDeadline(60_000) };
    const { ended, left } = await endProcesses([polite, deaf], limits, send);
    expect(ended).toEqual([polite, deaf]);
    expect(left).toEqual([]);
    expect([alive(polite), alive(deaf)]).toEqual([false, false]);
    expect(sent).toContain(`${polite.pid} SIGTERM`);
    expect(sent).not.toContain(`${polite.pid} SIGKILL`);
    expect(sent).toContain(`${deaf.pid} SIGKILL`);
  });

  it('lets a stopped process shut down', async () => {
    const stopped = await start('');
    process.kill(stopped.pid, 'SIGSTOP');
    const sent: string[] = [];
    const send = (pid: number, name: NodeJS.Signals): void => {
      sent.push(name);
      process.kill(pid, name);
    };
    await endProcesses([stopped], { grace: 20_000, deadline: startDeadline(60_000) }, send);
    expect(alive(stopped)).toBe(false);
    expect(sent).not.toContain('SIGKILL');
  });

  it('sends no signal to another process that got the pid, before SIGTERM and before SIGKILL', async () => {
    const other = await start('');
    const planned = { ...other, startTime: other.startTime - 1 };
    const limits = { grace: 0, deadline: startDeadline(60_000) };
    expect(await endProcesses([planned], limits)).toEqual({ ended: [planned], left: [] });
    expect(alive(other)).toBe(true);
    // The planned process ends on SIGTERM, and the system gives its pid to another one.
    const reused = { ...other };
    const sent: string[] = [];
    await endProcesses([reused], limits, (_pid, name) => {
      sent.push(name);
      reused.startTime -= 1;
    });
    expect(sent).toEqual(['SIGTERM']);
    await endProcesses([other], { ...limits, grace: 20_000 });
  });

  it('never signals process groups, this process or the first process', async () => {
    const limits = { grace: 0, deadline: startDeadline(60_000) };
    const sent: number[] = [];
    for (const pid of [-1, 0, 1, Number.NaN, process.pid])
      await endProcesses([{ pid, startTime: readProcess(pid)?.startTime ?? 0 }], limits, (to) =>
        sent.push(to),
      );
    expect(sent).toEqual([]);
  });

  it('says why a process is left: it may not be signalled, it does not end, the time was used up', async () => {
    const process = await start('');
    const [long, over] = [startDeadline(60_000), startDeadline(0)];
    const refuse = (code: string) => () => {
      throw Object.assign(new Error(code), { code });
    };
    const end = async (deadline = long, send: () => void) =>
      (await endProcesses([process], { grace: 0, deadline }, send)).left.map(({ reason }) => reason);
    expect(await end(long, refuse('EPERM'))).toEqual(['this user may not signal it']);
    expect(await end(long, () => undefined)).toEqual([
      expect.stringContaining('has not ended 2 s after SIGKILL'),
    ]);
    expect(await end(over, () => expect.unreachable())).toEqual(['the time was used up']);
    await endProcesses([process], { grace: 20_000, deadline: long });
    expect(alive(process)).toBe(false);
  });
});
