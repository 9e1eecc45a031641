import * as v from 'valibot';
import { text } from '@runner-actions/config';
import type { Deadline, Job } from '@runner-actions/core';

/** One kind of what a runner must have: its part of the manifest, and how the machine is asked. */
export interface Kind<A extends Asked = Asked> {
  /** Of the kind's part of the manifest; yields what is asked for, parsed. */
  schema: v.GenericSchema<unknown, readonly Entry[]>;
  check(asked: A, machine: Machine): Finding | Promise<Finding>;
  /**
   * What changes whenever the answer may have changed, had without asking a program and without reading a file through. Where there
   * is no such thing (`undefined`, an error, a kind without this), it is asked anew each time.
   */
  witness?(asked: A, machine: Machine): Promise<string | undefined>;
  /** What is wanted, for what is as it was when it was met. */
  wanted?(asked: A): string | undefined;
  /** Where not all may be told: what may be. */
  told?(asked: A): object;
}

/** One thing that is asked for. Each kind adds what it wants of it, and is alone to read that. */
export interface Asked {
  kind: string;
  name: string;
}

/** Where the manifest asks for something. */
interface Entry {
  asked: Asked;
  /** From the root of the manifest. */
  at: readonly (string | number)[];
  severity: Severity | undefined;
}

export const severity = v.picklist(['warn', 'error']);
export type Severity = v.InferOutput<typeof severity>;

/** What a check found. `error`: the probe broke, so it is neither met nor not met. */
export interface Finding {
  status: 'pass' | 'fail' | 'error';
  found: string;
  wanted: string;
  /** What to do about it. */
  advice?: string;
  /** Worth knowing, though it is met. */
  notice?: string;
}

/** The machine, for as long as it is asked. */
export interface Machine {
  job: Job;
  deadline: Deadline;
  /** What `find` answers, found once for all that ask by the same key. */
  once<T>(key: string, find: () => Promise<T>): Promise<T>;
  /** An empty folder, in which no project file turns a tool into another version. */
  folder(): Promise<string>;
}

/** What people wrote, and what it means. Reports and digests have the text. */
export interface Written<T> {
  text: string;
  value: T;
  toJSON(): string;
}

/**
 * A text that is parsed when the manifest is read, and never again.
 * @param parse answers `undefined`, or throws, where it cannot be read
 */
export function written<T>(parse: (text: string) => T | undefined, expected: string) {
  return v.pipe(
    text,
    v.transform((text) => ({ text, value: parsed(parse, text), toJSON: () => text })),
    // As a validation, so that it is what is told of a union with this in it.
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.typed && dataset.value.value === undefined)
        addIssue({ message: expected, input: dataset.value.text });
    }),
    v.transform((read) => read as Written<T>),
  );
}

function parsed<T>(parse: (text: string) => T | undefined, text: string): T | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
