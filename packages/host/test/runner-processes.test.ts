import { chownSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HostProcess } from '../src/processes.ts';
import { runnerProcesses, whoSharesWork, workerAbove } from '../src/runner-processes.ts';
import { kernelTree } from './kernel-tree.ts';

const running = (program: string, ...rest: string[]) =>
  runnerProcesses([{ pid: 1, user: 5, program, command: [program, ...rest].join(' ') } as HostProcess]).map(
    ({ kind, root }) => `${kind} ${root}`,
  );

it('finds runners by their programs', () => {
  expect(running('/srv/my runner/bin/Runner.Listener', 'run', '--startuptype', 'service')).toEqual([
    'Listener /srv/my runner',
  ]);
  expect(running('/srv/a/bin.2.336.0/Runner.Worker', 'spawnclient', '1', '2')).toEqual(['Worker /srv/a']);
  expect(running('./bin/Runner.Listener', 'run')).toEqual(['Listener undefined']);
  expect(running('Runner.Worker')).toEqual(['Worker undefined']);
  expect(running('/srv/a/bin/Runner.PluginHost')).toEqual([]);
  expect(running('node', 'server.js')).toEqual([]);
});

it('takes no process for a runner that only names one', () => {
  expect(running('grep', 'Runner.Worker', 'log')).toEqual([]);
  expect(running('/bin/sh', '-c', 'exec /srv/a/bin/Runner.Listener run')).toEqual([]);
  expect(running('node', '-e', 'x', '/srv/a/bin/Runner.Worker')).toEqual([]);
});

/** Creates a runner with a stub machine. Each command gets a process of the given user. */
function machine(commands: (top: string) => string[] = () => [], user = 1001) {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'runners-')));
  for (const folder of ['a/_work', 'b']) mkdirSync(join(top, folder), { recursive: true });
  const settings = (folder: string, workFolder: string) =>
    writeFileSync(join(top, folder, '.runner'), `\uFEFF${JSON.stringify({ workFolder })}`);
  settings('a', '_work');
  const stat = (pid: number) => `${pid} (x) S 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 7 1`;
  const processes = [`${top}/a/bin/Runner.Worker spawnclient 1 2`, ...commands(top)].map((command, index) => {
    const pid = index === 0 ? process.ppid : 5_000_000 + index;
    return {
      [`proc/${pid}/stat`]: stat(pid),
      [`proc/${pid}/cmdline`]: command.replaceAll(' ', '\0'),
      [`proc/${pid}/status`]: `Uid:\t${user}\t${user}\n`,
    };
  });
  const folders = { root: join(top, 'a'), work: join(top, 'a/_work') };
  return {
    top,
    settings,
    folders,
    kernel: kernelTree(Object.assign({}, ...processes) as Record<string, string>),
  };
}

it('finds the worker above this process', () => {
  expect(workerAbove(machine().kernel)).toBe(process.ppid);
  expect(workerAbove(kernelTree({}))).toBeUndefined();
});

it('knows a work folder of one runner, also if other runners run beside it', () => {
  const { folders, kernel, settings } = machine((top) => [
    ...[
      `${top}/a/bin/Runner.Listener run`,
      `${top}/b/bin/Runner.Listener run`,
      `${top}/b/bin/Runner.Worker 1 2`,
    ],
  ]);
  settings('b', '_work');
  expect(whoSharesWork(folders, kernel)).toBeUndefined();
  expect(whoSharesWork({ ...folders, root: undefined }, kernel)).toBeUndefined();
});

it('finds a second runner with the same work folder, running or not, also through a link', () => {
  const { top, folders, kernel, settings } = machine();
  settings('b', '../a/_work');
  expect(whoSharesWork(folders, kernel)).toBe(`another runner, in ${top}/b, also uses this work folder`);
  symlinkSync(join(top, 'a/_work'), join(top, 'b/link'));
  settings('b', 'link');
  expect(whoSharesWork(folders, kernel)).toMatch(/also uses this work folder/);
  settings('b', '../a');
  expect(whoSharesWork(folders, kernel)).toMatch(/also uses this work folder/);
});

it('finds a second job of this runner', () => {
  const { folders, kernel } = machine((top) => [`${top}/a/bin/Runner.Worker spawnclient 3 4`]);
  expect(whoSharesWork(folders, kernel)).toBe('another job of this runner is running');
});

it('counts a runner whose settings cannot be read only if its user may write to the work folder', () => {
  const listener = (top: string) => [`${top}/gone/bin/Runner.Listener run`];
  const other = machine(listener, (process.geteuid?.() ?? 0) + 1);
  expect(whoSharesWork(other.folders, other.kernel)).toBeUndefined();
  const owner = process.geteuid?.() || 1234;
  for (const user of [0, owner]) {
    const { folders, kernel } = machine(listener, user);
    if (process.geteuid?.() === 0) chownSync(folders.work, owner, owner);
    expect(whoSharesWork(folders, kernel)).toEqual({
      unknown: expect.stringMatching(/settings of another runner.*cannot be read/),
    });
  }
});

it('does not know it without a process list, or if the folder of a runner is not known', () => {
  const { folders } = machine();
  expect(whoSharesWork(folders, { platform: 'win32' })).toEqual({
    unknown: 'Processes cannot be read on win32',
  });
  expect(whoSharesWork({ ...folders, root: undefined }, kernelTree({ 'proc/1/stat': '' }))).toEqual({
    unknown: 'the folder of this runner is not known',
  });
  const relative = machine(() => ['./bin/Runner.Listener run']);
  expect(whoSharesWork(relative.folders, relative.kernel)).toEqual({
    unknown: 'a runner of this machine does not show in which folder it is installed',
  });
});
