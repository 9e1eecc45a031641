import type { Execution } from '@runner-actions/core';

/** What the checks of GPUs ask the machine. Tests answer with recorded outputs. */
export interface GpuHost {
  platform: NodeJS.Platform;
  /** The job's variables. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Runs a program that is on PATH. The same command runs only once. @returns `undefined` if it is not on PATH */
  run(program: string, args: readonly string[], timeout?: number): Promise<Execution | undefined>;
  /** Runs a program at an absolute path, which may be missing. */
  runAt(path: string, args: readonly string[]): Promise<Execution>;
  /** Returns the first path of a program on PATH. */
  find(program: string): Promise<string | undefined>;
  /** Reads a small text file. @returns `undefined` if it cannot be read */
  read(path: string): Promise<string | undefined>;
  /** Lists the names in a folder. Empty if it cannot be read. */
  list(path: string): Promise<readonly string[]>;
  /** Returns the path without links; `undefined` if nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  /** Returns whether this process may read and write a file. */
  access(path: string): Promise<'allowed' | 'missing' | 'denied'>;
}

/** Returns the result of `find`, which runs only once per key. */
export type Once = <T>(key: string, find: () => Promise<T>) => Promise<T>;

/** A reason why nothing is known about the devices. `fail`: the machine is not as wanted. `error`: the probe broke. */
export interface Obstacle {
  status: 'fail' | 'error';
  found: string;
  advice: string;
}

export function isObstacle<T extends object>(result: T | Obstacle): result is Obstacle {
  return 'advice' in result && 'status' in result;
}

/** A device that a job can use: a whole GPU, or a MIG instance. `undefined`: the tool does not say. */
export interface Device {
  name: string;
  bytes: number | undefined;
  compute: string | undefined;
}

/** Returns the first line of a text that is not empty, not longer than a report can show. */
export function firstLine(text: string): string {
  const line = text.split('\n').find((line) => line.trim() !== '') ?? '';
  return line.trim().slice(0, 200);
}
