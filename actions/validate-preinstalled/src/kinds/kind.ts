import * as v from 'valibot';
import { textSchema } from '@runner-actions/config';
import type { Deadline, Job } from '@runner-actions/core';

/** One kind of requirement: the schema of its part of the manifest, and how to check it on the machine. */
export interface Kind<A extends BaseRequirement = BaseRequirement> {
  /** Schema of this kind's part of the manifest. Its output is the parsed requirements. */
  schema: v.GenericSchema<unknown, readonly Entry[]>;
  check(requirement: A, machine: Machine): Finding | Promise<Finding>;
  /**
   * Returns a text that changes whenever the result of the check may have changed. It must not start a program or read
   * a whole file. Without a key (`undefined`, an error, or no such method) the requirement is checked every time.
   */
  stateKey?(requirement: A, machine: Machine): Promise<string | undefined>;
  /** Returns the text for `wanted` when the check is skipped because nothing changed. */
  wanted?(requirement: A): string | undefined;
  /** Returns the fields that reports may show. Only for kinds that may hold secrets. */
  publicFields?(requirement: A): object;
}

/** One requirement. Each kind adds fields that only this kind reads. */
export interface BaseRequirement {
  kind: string;
  name: string;
}

/** A requirement with its place in the manifest. */
interface Entry {
  requirement: BaseRequirement;
  /** Path of keys from the root of the manifest. */
  at: readonly (string | number)[];
  severity: Severity | undefined;
}

export const severity = v.picklist(['warn', 'error']);
export type Severity = v.InferOutput<typeof severity>;

/** The result of a check. `error`: the probe failed, so it is unknown whether the requirement is met. */
export interface Finding {
  status: 'pass' | 'fail' | 'error';
  found: string;
  wanted: string;
  /** What to do about it. */
  advice?: string;
  /** A hint for the user even if the requirement is met. */
  notice?: string;
}

/** What a check needs to inspect the machine. */
export interface Machine {
  job: Job;
  deadline: Deadline;
  /** Returns the result of `find`, which runs only once per key. */
  once<T>(key: string, find: () => Promise<T>): Promise<T>;
  /** Returns an empty folder: no project file there makes a version manager choose another version of a tool. */
  emptyFolder(): Promise<string>;
}

/** A text of the manifest with its parsed value. Reports and digests contain the text. */
export interface ParsedText<T> {
  text: string;
  value: T;
  toJSON(): string;
}

/**
 * Creates a schema for a text that is parsed once, when the manifest is read.
 * @param parse returns `undefined` or throws if the text is invalid
 * @param expected what to name in the error, for example `a size such as >=8GiB`
 */
export function parsedText<T>(parse: (text: string) => T | undefined, expected: string) {
  return v.pipe(
    textSchema,
    v.transform((text) => ({ text, value: parsed(parse, text), toJSON: () => text })),
    // A check instead of a failing transformation, so that a union with this schema reports this message.
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.typed && dataset.value.value === undefined)
        addIssue({ message: expected, input: dataset.value.text });
    }),
    v.transform((read) => read as ParsedText<T>),
  );
}

function parsed<T>(parse: (text: string) => T | undefined, text: string): T | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
