import type { HostProcess } from '@runner-actions/host';

export const id = 'github_6fa459ea-ee8a-3ca4-894e-db77e160355e';
export const workspace = '/srv/runner/_work/app/app';

/** Makes a process. Its start time is its pid, unless given. */
export function make(pid: number, parent: number, more: Partial<HostProcess> = {}): HostProcess {
  const facts = {
    user: 1001,
    startTime: pid,
    zombie: false,
    name: 'sh',
    command: 'sh',
    program: 'sh',
    directory: workspace,
  };
  return { pid, parent, ...facts, trackingId: undefined, nested: false, environmentReadable: true, ...more };
}

/** The pid of the action's own process on `machine`. */
export const self = 60;

/** A runner during the post phase of the action, with the helper process that the action started. */
export const machine: readonly HostProcess[] = [
  make(1, 0, { user: 0, name: 'systemd', directory: '/' }),
  make(2, 0, { user: 0, name: 'kthreadd', directory: '/' }),
  make(9, 2, { user: 0, name: 'kworker/0:1', directory: '/' }),
  make(10, 1, { name: 'runsvc.sh', directory: '/srv/runner' }),
  make(11, 10, { name: 'Runner.Listener', directory: '/srv/runner' }),
  make(50, 11, { name: 'Runner.Worker', directory: '/srv/runner' }),
  make(self, 50, { name: 'node', trackingId: id }),
  make(61, self, { name: 'node', trackingId: id }),
];
