import { isUnknown, listProcesses } from '@runner-actions/host';

/**
 * When the job is cancelled, ends the probes with this process: each leads a group of its own, which a signal to
 * this process does not reach. The answer stops that again.
 */
export function endProbesOnSignal(): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const release = (): void => signals.forEach((signal) => process.off(signal, end));
  const end = (signal: NodeJS.Signals): void => {
    const all = listProcesses();
    const probes = isUnknown(all) ? [] : all.filter(({ parent }) => parent === process.pid);
    for (const { pid } of probes) killGroup(pid);
    release();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, end);
  return release;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Ended by itself meanwhile.
  }
}
