import * as v from 'valibot';
import { described, duration, textSchema } from '@runner-actions/config';
import { type Condition, conditionSchema } from './condition.ts';

export const severity = v.picklist(['warn', 'error'], "'warn' or 'error'");
export type Severity = v.InferOutput<typeof severity>;

/** One requirement. Each kind adds fields that only this kind reads. */
export interface BaseRequirement {
  kind: string;
  /** What reports call it. Kind and name together identify a requirement: a later file replaces that of its base. */
  name: string;
}

/** What every requirement may say beside its own keys. */
export interface Common {
  severity: Severity | undefined;
  when: Condition | undefined;
  /** Milliseconds for the check of this requirement. */
  timeout: number | undefined;
}

/** A requirement with its place in the manifest. */
export interface Entry<R extends BaseRequirement = BaseRequirement> extends Common {
  /** With `null` instead of a requirement, the manifest removes one of a base file. */
  requirement: R;
  removed: boolean;
  /** Path of keys from the root of the manifest. */
  at: readonly (string | number)[];
}

/** The keys that every requirement has. Spread them into the schema of its map. */
export const commonKeys = {
  severity: v.optional(
    described(severity, 'Whether an unmet requirement is an error, or a warning that fails nothing'),
  ),
  when: v.optional(described(conditionSchema, 'Where the requirement applies. Elsewhere it is skipped')),
  timeout: v.optional(described(duration, 'Time limit of this check')),
};

interface CommonSpec {
  severity?: Severity | undefined;
  when?: Condition | undefined;
  timeout?: number | undefined;
}

/** Returns an entry for a requirement that the map `spec` states. */
export function entry<R extends BaseRequirement>(
  requirement: R,
  at: readonly (string | number)[],
  { severity, when, timeout }: CommonSpec = {},
): Entry<R> {
  return { requirement, removed: false, at, severity, when, timeout };
}

/** Returns the keys of a map that are its own: without those that every requirement has. */
export function ownKeys<S extends CommonSpec>(spec: S): Omit<S, keyof CommonSpec> {
  const own = Object.entries(spec).filter(([key]) => !Object.hasOwn(commonKeys, key));
  return Object.fromEntries(own) as Omit<S, keyof CommonSpec>;
}

/** Returns the entry for a key whose value is `null`. */
export function removedEntry<R extends BaseRequirement>(requirement: R, at: readonly string[]): Entry<R> {
  return { ...entry(requirement, at), removed: true };
}

/** A text of the manifest with its parsed value. Reports and digests contain the text. */
export interface ParsedText<T> {
  text: string;
  value: T;
  toJSON(): string;
}

/**
 * Creates a schema for a text that is parsed once, when the manifest is read.
 * @param parse returns what it expects instead, or throws, if the text is invalid
 * @param expected what to name in the error where `parse` throws, for example `a size such as >=8GiB`
 * @param examples valid texts, for the documentation and for editors
 */
export function parsedText<T extends object | number | string>(
  parse: (text: string) => T | { expected: string },
  expected: string,
  ...examples: readonly string[]
) {
  return v.pipe(
    textSchema,
    v.transform((text) => ({ text, value: parsed(parse, text, expected), toJSON: () => text })),
    // A check instead of a failing transformation, so that a union with this schema reports this message.
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { value, text } = dataset.value;
      if (isRefusal(value)) addIssue({ message: value.expected, input: text });
    }),
    v.transform((read) => read as ParsedText<T>),
    v.metadata({
      jsonSchema: {
        type: ['string', 'number', 'boolean'],
        ...(examples.length === 0 ? {} : { examples }),
      },
    }),
  );
}

function isRefusal(value: unknown): value is { expected: string } {
  return typeof value === 'object' && value !== null && 'expected' in value;
}

function parsed<T>(
  parse: (text: string) => T | { expected: string },
  text: string,
  expected: string,
): T | { expected: string } {
  try {
    return text.length > 1000 ? { expected } : parse(text);
  } catch {
    return { expected };
  }
}
