import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isUnknown } from '../../src/maybe-unknown.ts';
import { followJob, heaviestOf, type ProcessesUse } from '../../src/job-use/job-use.ts';
import type { JobSigns } from '../../src/job-use/members.ts';
import { type Fixture, processes } from './fixture-processes.ts';

const init: Fixture = { pid: 1, name: 'systemd' };
const worker: Fixture = { pid: 10, name: 'Runner.Worker', cpu: 5, reaped: 2 };
const signs: JobSigns = {
  ...{ worker: { pid: 10, startTime: 10 }, trackingId: 'github_1' },
  ...{ starter: undefined, cgroup: false },
};

/** Follows a job through looks. Returns what the last one told. */
function follow(looks: Fixture[][], with_: Partial<JobSigns> = {}, self: number[] = []): ProcessesUse {
  const [first = [], ...rest] = looks;
  const { kernel, show } = processes(init, ...first);
  const job = followJob({ ...signs, ...with_ }, self, kernel);
  let use = job.read();
  for (const look of rest) {
    show(init, ...look);
    use = job.read();
  }
  if (isUnknown(use)) throw new Error(use.unknown);
  return use;
}

const shell: Fixture = { pid: 20, parent: 10, name: 'bash', session: 5 };

describe('followJob: CPU time', () => {
  it('counts from the first look', () => {
    expect(follow([[worker]]).cpuSeconds).toBe(0);
    expect(follow([[worker], [{ ...worker, cpu: 6 }]]).cpuSeconds).toBe(1);
  });

  it('counts a process once that ended and that its parent waited for', () => {
    const looks = [
      [worker, shell],
      [worker, shell, { pid: 21, parent: 20, name: 'cc1', cpu: 3 }],
      [worker, { ...shell, reaped: 4 }],
    ];
    // 3 s were seen, and another second that it used before its end.
    expect(follow(looks).cpuSeconds).toBe(4);
  });

  it('counts a process that began and ended between two looks', () => {
    const use = follow([
      [worker, shell],
      [worker, { ...shell, reaped: 2 }],
    ]);
    expect(use.cpuSeconds).toBe(2);
    expect(use.heaviest).toContainEqual({ name: 'children of bash', cpuSeconds: 2, memoryBytes: 0 });
  });

  it('counts a step once that ended with all its processes', () => {
    const make: Fixture = { pid: 21, parent: 20, name: 'make', cpu: 1, reaped: 5 };
    const compiler: Fixture = { pid: 22, parent: 21, name: 'cc1', cpu: 2 };
    const looks = [[worker], [worker, { ...shell, cpu: 1 }, make, compiler], [{ ...worker, reaped: 2 + 10 }]];
    // bash 1, make 1, what make waited for 5, cc1 2: 9 s were seen, 10 s the worker was told.
    expect(follow(looks).cpuSeconds).toBe(10);
  });

  it('keeps what a process had that nobody of the job waited for', () => {
    const daemon: Fixture = { pid: 30, parent: 1, name: 'daemon', trackingId: 'github_1', cpu: 4 };
    expect(follow([[worker], [worker, daemon], [worker]]).cpuSeconds).toBe(4);
  });

  it('does not take the use of another process with the same pid for that of the first', () => {
    const looks = [
      [worker, { ...shell, cpu: 9 }],
      [worker, { ...shell, start: 900, cpu: 1 }],
    ];
    expect(follow(looks).cpuSeconds).toBe(1);
  });
});

describe('followJob: whose process', () => {
  const names = (use: ProcessesUse): string[] => use.heaviest.map(({ name }) => name).sort();
  const busy = (process: Fixture): Fixture => ({ pages: 1, ...process });

  it('takes descendants, the tracking id and the sessions of the job, and nothing else', () => {
    const use = follow([
      [worker],
      [
        worker,
        busy(shell),
        busy({ pid: 30, name: 'daemon', trackingId: 'github_1' }),
        busy({ pid: 40, name: 'other', trackingId: 'github_2' }),
        busy({ pid: 41, name: 'sshd' }),
      ],
    ]);
    expect(names(use)).toEqual(['bash', 'daemon']);
    expect(use.processes).toBe(3);
  });

  it('takes a process of a session that the job began, after all its ancestors ended', () => {
    const leader: Fixture = { pid: 20, parent: 10, name: 'setsid' };
    const orphan: Fixture = { pid: 21, parent: 1, session: 20, name: 'orphan', pages: 3 };
    expect(names(follow([[worker], [worker, leader], [worker, orphan]]))).toEqual(['orphan']);
  });

  it('takes no process of a session in which the worker itself runs, such as that of a terminal', () => {
    const neighbour: Fixture = { pid: 50, session: 10, name: 'vim', pages: 3 };
    expect(follow([[worker], [worker, neighbour]]).processes).toBe(1);
  });

  it('finds a process of the job that got the pid of another one between two looks', () => {
    const { kernel, show } = processes(init, worker, { pid: 30, name: 'stranger' });
    const lastPid = (pid: number): void =>
      writeFileSync(join(kernel.root ?? '', 'proc/loadavg'), `0.00 0.01 0.05 1/100 ${pid}\n`);
    lastPid(40);
    const job = followJob(signs, [], kernel);
    job.read();
    const reborn: Fixture = { pid: 30, parent: 10, start: 900, name: 'cc1', cpu: 2 };
    show(init, worker, reborn);
    // The kernel began again with small numbers.
    lastPid(31);
    expect(job.read()).toMatchObject({ cpuSeconds: 2, processes: 2 });
  });

  it('forgets a session of the job when its number is that of another one', () => {
    const leader: Fixture = { pid: 20, parent: 10, name: 'setsid' };
    const reborn: Fixture = { pid: 20, start: 900, name: 'daemon' };
    const child: Fixture = { pid: 25, parent: 20, session: 20, start: 910, name: 'sh' };
    expect(follow([[worker], [worker, leader], [worker], [worker, reborn, child]]).processes).toBe(1);
    expect(follow([[worker], [worker, leader], [worker, reborn, child]]).processes).toBe(1);
  });

  it('leaves out what it starts itself, such as a program that reads GPUs', () => {
    const program: Fixture = { pid: 23, parent: 22, name: 'nvidia-smi', trackingId: 'github_1' };
    const sampler: Fixture = { pid: 22, name: 'node', trackingId: 'github_1' };
    expect(follow([[worker, sampler, program]], {}, [22]).processes).toBe(1);
  });

  it('leaves out itself', () => {
    expect(follow([[worker, shell]], {}, [20]).processes).toBe(1);
  });

  it('without worker and tracking id, takes what the starter starts and not the starter', () => {
    const place = { worker: undefined, trackingId: undefined, starter: { pid: 60, startTime: 60 } };
    const use = follow(
      [
        [
          { pid: 60, name: 'act' },
          { pid: 61, parent: 60, name: 'bash', pages: 2 },
        ],
      ],
      place,
    );
    expect(use).toMatchObject({ processes: 1, memoryBytes: 8192 });
  });

  it('in a cgroup of the job, takes what is in it', () => {
    const place = { worker: undefined, trackingId: undefined, cgroup: true };
    const use = follow(
      [
        [
          { pid: 70, name: 'a' },
          { pid: 71, name: 'b', cgroup: '0::/../x' },
        ],
      ],
      place,
    );
    // The first process and pid 70.
    expect(use.processes).toBe(2);
  });
});

describe('followJob: what it tells', () => {
  it('tells anonymous memory, and the heaviest by name with their scripts', () => {
    const use = follow([
      [worker],
      [
        worker,
        { ...shell, pages: 1 },
        {
          pid: 22,
          parent: 20,
          name: 'MainThread',
          command: ['/usr/bin/node', '/w/bin/tsc.js'],
          cpu: 3,
          pages: 10,
        },
        { pid: 23, parent: 20, name: 'node', command: ['node', '--token=s3cret'], cpu: 1 },
        { pid: 24, parent: 20, name: 'cc1', cpu: 1, pages: 5 },
        { pid: 25, parent: 20, name: 'cc1', cpu: 1, pages: 5 },
      ],
    ]);
    expect(use.memoryBytes).toBe(21 * 4096);
    expect(use.heaviest.slice(0, 3)).toEqual([
      { name: 'node tsc.js', cpuSeconds: 3, memoryBytes: 10 * 4096 },
      { name: 'cc1', cpuSeconds: 2, memoryBytes: 10 * 4096 },
      { name: 'node', cpuSeconds: 1, memoryBytes: 0 },
    ]);
  });

  it('renames a process that became another program', () => {
    const use = follow([
      [worker, shell],
      [worker, { ...shell, name: 'make', command: ['make'], cpu: 1 }],
    ]);
    expect(names(use)).toContain('make');
    function names({ heaviest }: ProcessesUse): string[] {
      return heaviest.map(({ name }) => name);
    }
  });

  it('counts the workers of other runners, and none where processes are hidden', () => {
    const neighbour: Fixture = { pid: 80, name: 'Runner.Worker' };
    expect(follow([[worker, neighbour]]).neighbours).toBe(1);
    const { kernel } = processes(worker);
    expect(followJob(signs, [], kernel).read()).toMatchObject({ neighbours: undefined });
  });

  it('says that processes are unknown on other systems', () => {
    expect(followJob(signs, [], { platform: 'darwin' }).read()).toEqual({
      unknown: 'Processes cannot be read on darwin',
    });
  });
});

it('heaviestOf names five by CPU time and three by memory, each once', () => {
  const uses = Array.from({ length: 20 }, (_unused, index) => ({
    ...{ name: `p${index}`, cpuSeconds: 20 - index, memoryBytes: index },
  }));
  expect(heaviestOf(uses).map(({ name }) => name)).toEqual([
    ...['p0', 'p1', 'p2', 'p3', 'p4'],
    ...['p19', 'p18', 'p17'],
  ]);
});
