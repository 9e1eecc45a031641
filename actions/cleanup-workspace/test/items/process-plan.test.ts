import type { HostProcess } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { planProcesses, type ProcessFacts } from '../../src/items/process-plan.ts';
import { id, machine, make, self, workspace } from './machine.ts';

const whole = (added: readonly HostProcess[], facts: Partial<ProcessFacts> = {}) =>
  planProcesses({ all: [...machine, ...added], helpers: [], trackingId: id, self, workspace, ...facts });
/** The steps of a plan without notes. */
const plan = (...given: Parameters<typeof whole>) => {
  const { steps, notes } = whole(...given);
  expect(notes).toEqual([]);
  return steps;
};
/** The steps as lines, such as `remove 70`, or `keep: why`. */
const short = (...given: Parameters<typeof plan>): string[] =>
  plan(...given).map(({ action, process, why }) => `${action} ${process.pid}: ${why}`);

const leftover = make(70, 1, { name: 'MainThread', command: '/usr/bin/node server.js', trackingId: id });

describe('the plan for processes of the job', () => {
  it('is empty if nothing is left: the runner, this process, its parents and children stay', () => {
    expect(plan([])).toEqual([]);
    // Another program than the runner started the job, inside of a job.
    const above = make(10, 1, { trackingId: id, startTime: 55 });
    expect(
      plan([], { all: [above, make(50, 10, { name: 'act' }), make(self, 50, { trackingId: id })] }),
    ).toEqual([]);
  });

  it('ends a process with the tracking id whose parent has ended, and what it started', () => {
    expect(plan([leftover, make(71, 70, { command: 'postgres: walwriter' })])).toEqual([
      {
        action: 'remove',
        what: 'node (pid 70)',
        process: { pid: 70, startTime: 70 },
        why: "has this job's RUNNER_TRACKING_ID, and its step has ended",
      },
      {
        action: 'remove',
        what: 'postgres: (pid 71)',
        process: { pid: 71, startTime: 71 },
        why: 'started by process 70, which a step of this job left behind',
      },
    ]);
  });

  it('leaves a step that still runs, with what it started, and a hook around this process', () => {
    const hook = make(55, 50, { name: 'bash', trackingId: id });
    const parallel = [make(72, 50, { trackingId: id }), make(73, 72, { trackingId: id }), make(74, 73)];
    const all = [...machine.map((each) => (each.pid === self ? { ...each, parent: 55 } : each)), hook];
    expect(plan([], { all: [...all, ...parallel] })).toEqual([]);
    expect(short([], { all: [...all, ...parallel, leftover] })).toEqual([
      expect.stringContaining('remove 70'),
    ]);
  });

  it('counts processes of other users, and never ends them', () => {
    const others = [make(71, 70, { user: 0 }), make(72, 1, { user: 1002, trackingId: id })];
    const { steps, notes } = whole([leftover, ...others]);
    expect(steps.map(({ process }) => process.pid)).toEqual([70]);
    expect(notes).toEqual([
      '2 processes of this job are left alone: this user may not end those of other users.',
    ]);
    expect(whole([others[1] as HostProcess]).notes[0]).toMatch(/^1 process of this job is left alone/);
  });

  it('leaves a process with the tracking id that is older than the job', () => {
    expect(short([make(40, 1, { trackingId: id })])).toEqual([
      "keep 40: has this job's RUNNER_TRACKING_ID, but started before the job",
    ]);
  });

  it('leaves processes of another job on the same machine', () => {
    const directory = '/srv/runner-2/_work/app/app';
    const trackingId = 'github_00000000-ee8a-3ca4-894e-db77e160355e';
    const neighbour = [
      make(80, 1, { name: 'Runner.Listener', directory }),
      make(81, 80, { name: 'Runner.Worker', directory }),
      make(82, 81, { trackingId, directory }),
      make(83, 1, { trackingId, directory }),
    ];
    expect(plan(neighbour)).toEqual([]);
  });

  it('leaves a runner that a step started, and its jobs', () => {
    const runner = [
      make(80, 1, { name: 'run.sh', trackingId: id, directory: '/srv/two' }),
      make(81, 80, { name: 'Runner.Listener', trackingId: id, directory: '/srv/two' }),
      make(82, 81, { name: 'Runner.Worker', trackingId: id, directory: '/srv/two' }),
      make(83, 82, { trackingId: 'github_of-that-job', directory: '/srv/two' }),
    ];
    expect(plan(runner)).toEqual([]);
  });

  it('leaves a helper of Runner Actions that is at work, but not another process with its pid', () => {
    const child = make(71, 70);
    expect(short([leftover, child], { helpers: [{ pid: 70, startTime: 70 }] })).toEqual([
      'keep 70: a helper of Runner Actions that is at work',
      'keep 71: a helper of Runner Actions that is at work',
    ]);
    expect(short([leftover], { helpers: [{ pid: 70, startTime: 69 }] })).toEqual([
      expect.stringContaining('remove 70'),
    ]);
  });

  it('tells about a process that cleared the id and whose parent has ended, and leaves it', () => {
    expect(short([make(70, 1)])).toEqual([
      'keep 70: works in the workspace, but nothing shows that this job started it: its parent has ended, and it has no RUNNER_TRACKING_ID',
    ]);
    const other = make(71, 1, { trackingId: '0', directory: `${workspace}/build (deleted)` });
    expect(short([other])).toEqual(['keep 71: works in the workspace, with another RUNNER_TRACKING_ID']);
    expect(short([make(72, 1, { nested: true })])).toEqual([
      'keep 72: works in the workspace, in a container',
    ]);
  });

  it('does not tell about processes elsewhere, of other users, or older than the job', () => {
    const elsewhere = [
      make(70, 1, { directory: '/home/dev' }),
      make(71, 1, { directory: undefined }),
      make(72, 1, { directory: `${workspace}-2` }),
      make(73, 1, { user: 1002 }),
      make(40, 1),
      make(74, 1, { zombie: true }),
    ];
    expect(plan(elsewhere)).toEqual([]);
  });

  it('leaves a descendant that was started with another id, so that it outlives the job', () => {
    expect(short([leftover, make(71, 70, { trackingId: '0' })])).toEqual([
      expect.stringContaining('remove 70'),
      'keep 71: works in the workspace, with another RUNNER_TRACKING_ID',
    ]);
  });

  it('shows the program without control characters, and never its arguments, which may contain secrets', () => {
    const [step] = plan([{ ...leftover, command: '/opt/a\n::error::b\u202e psql --password=hunter2' }]);
    expect(step?.what).toBe('a?::error::b? (pid 70)');
    expect(JSON.stringify(step)).not.toContain('hunter2');
    expect(plan([{ ...leftover, command: 'x'.repeat(4096) }])[0]?.what.length).toBeLessThan(80);
  });

  it('ends a thousand processes at most, and says so', () => {
    const many = Array.from({ length: 1_002 }, (_, index) => make(100 + index, 1, { trackingId: id }));
    const { steps, notes } = whole(many);
    expect(steps).toHaveLength(1_000);
    expect(notes).toEqual(['2 processes of this job are left alone: one plan ends 1000.']);
  });
});

describe('without the facts, the plan says in one line what is not done', () => {
  const why = (facts: Partial<ProcessFacts>): string => {
    const { steps, notes } = whole([leftover], facts);
    expect(steps).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/^Processes that steps left behind are not ended: .*\.$/)]);
    return notes[0] ?? '';
  };

  it('in a job container', () => {
    expect(why({ trackingId: undefined })).toContain('A job container does not get it');
    const inside = [make(1, 0, { trackingId: id }), make(self, 0, { trackingId: id }), leftover];
    expect(why({ all: inside })).toContain("the runner's own process is not visible");
    expect(why({ all: [leftover] })).toContain("the runner's own process is not visible");
  });

  it('on macOS and Windows', () => {
    expect(why({ all: { unknown: 'Processes cannot be read on darwin' } })).toContain(
      'Processes cannot be read on darwin. The runner kills those with its tracking id',
    );
  });

  it('if the tracking id is not one that the runner made, so that other jobs may share it', () => {
    expect(why({ trackingId: '0' })).toContain("RUNNER_TRACKING_ID is '0', which the runner did not set");
  });

  it('if it is unknown which helpers are at work', () => {
    expect(why({ helpers: { unknown: '/t/helpers cannot be read: EACCES' } })).toContain('cannot be read');
  });
});
