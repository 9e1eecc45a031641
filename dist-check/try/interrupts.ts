const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Counts the signals that ask this process to end, instead of ending it. */
export interface Interrupts {
  readonly count: number;
  /** Calls a function for each further signal, with the count. */
  onInterrupt(listener: (count: number) => void): void;
  close(): void;
}

export function watchInterrupts(): Interrupts {
  let count = 0;
  let listeners: ((count: number) => void)[] = [];
  const handle = (): void => {
    count += 1;
    for (const listener of listeners) listener(count);
  };
  for (const signal of signals) process.on(signal, handle);
  return {
    get count() {
      return count;
    },
    onInterrupt: (listener) => void (listeners = [...listeners, listener]),
    close: () => {
      for (const signal of signals) process.off(signal, handle);
    },
  };
}
