import { describe, expect, it } from 'vitest';
import { ancestorsOf, descendantsOf, type HostProcess, processesOfJob } from '../src/index.ts';

const id = 'github_6fa459ea-ee8a-3ca4-894e-db77e160355e';

/** Makes a process with this pid, parent and tracking id. Its start time is its pid, unless given. */
function make(
  pid: number,
  parent: number,
  trackingId?: string,
  more: Partial<HostProcess> = {},
): HostProcess {
  const process = { pid, parent, trackingId, user: 1001, startTime: pid, zombie: false, name: 'sh' };
  return {
    ...process,
    command: 'sh',
    program: 'sh',
    directory: undefined,
    nested: false,
    environmentReadable: true,
    ...more,
  };
}

const found = (all: readonly HostProcess[]): string[] =>
  processesOfJob(all, id).map(({ pid, proof }) => `${pid} ${proof}`);

describe('processes of a job', () => {
  it('are those with its tracking id, and their descendants that cleared it', () => {
    const all = [make(1, 0), make(10, 1, id), make(11, 10), make(12, 11), make(20, 1), make(21, 20)];
    expect(found(all)).toEqual(['10 id', '11 parent', '12 parent']);
  });

  it('are found below a descendant of another user and below one whose environment is not readable', () => {
    const root = make(11, 10, undefined, { user: 0, environmentReadable: false });
    expect(found([make(10, 1, id), root, make(12, 11)])).toEqual(['10 id', '11 parent', '12 parent']);
  });

  it('do not include a process whose parent has ended and that cleared the id', () => {
    expect(found([make(10, 1, id), make(13, 1)])).toEqual(['10 id']);
  });

  it('do not include a descendant with another id, which is its own', () => {
    const other = make(11, 10, 'github_other');
    expect(found([make(10, 1, id), other, make(12, 11), make(13, 12, id)])).toEqual(['10 id', '13 id']);
  });

  it('do not include a child that is older than its parent, whose pid was reused', () => {
    expect(found([make(10, 1, id, { startTime: 500 }), make(11, 10, undefined, { startTime: 499 })])).toEqual(
      ['10 id'],
    );
  });

  it('do not include zombies, nor what runs in a container without the id', () => {
    const zombie = make(11, 10, id, { zombie: true });
    const inside = make(12, 10, undefined, { nested: true });
    const sandboxed = make(14, 10, id, { nested: true });
    expect(found([make(10, 1, id), zombie, inside, make(13, 12), sandboxed])).toEqual(['10 id', '14 id']);
  });

  it('do not include a runner that the job started, what started it, and its jobs', () => {
    const all = [
      make(10, 1, id, { name: 'run.sh' }),
      make(11, 10, id, { name: 'Runner.Listener' }),
      make(12, 11, id, { name: 'Runner.Worker' }),
      make(13, 12, 'github_other'),
      make(14, 11),
      make(15, 10, id),
    ];
    expect(found(all)).toEqual(['15 id']);
  });

  it('are found also if parents form a circle, as pids do that were reused during the listing', () => {
    expect(found([make(10, 11, id, { startTime: 1 }), make(11, 10, undefined, { startTime: 1 })])).toEqual([
      '10 id',
      '11 parent',
    ]);
  });
});

it('returns descendants and ancestors, also in a circle', () => {
  const all = [make(1, 0), make(2, 1), make(3, 2), make(4, 1), make(5, 6), make(6, 5)];
  expect([...descendantsOf([2], all)]).toEqual([2, 3]);
  expect([...descendantsOf([5], all)].sort()).toEqual([5, 6]);
  expect(ancestorsOf(3, all)).toEqual([2, 1]);
  expect(ancestorsOf(5, all)).toEqual([6, 5]);
});
