import { isUnknown, listProcesses } from '@runner-actions/host';

/**
 * Ends all probes when this process gets a signal, for example when the job is cancelled. Each probe runs in its own
 * process group, which a signal to this process does not reach.
 * @param how `SIGTERM` for package managers, which end between two steps
 * @returns a function that removes the signal handlers
 */
export function killProbesOnSignal(how: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const release = (): void => signals.forEach((signal) => process.off(signal, end));
  const end = (signal: NodeJS.Signals): void => {
    const all = listProcesses();
    const probes = isUnknown(all) ? [] : all.filter(({ parent }) => parent === process.pid);
    for (const { pid } of probes) endGroup(pid, how);
    release();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, end);
  return release;
}

function endGroup(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(-pid, how);
  } catch {
    // The group has already ended.
  }
}
