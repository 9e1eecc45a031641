import * as v from 'valibot';
import { InvalidValue, parseBytes, parseDuration, parseInteger, parseShare } from '@runner-actions/core';

/** What an editor is told of a value, beside what the parser makes of it. */
export interface JsonSchemaHint {
  type?: string | string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  examples?: (string | number)[];
}

/** Nobody writes a longer one, and patterns take long over it. */
const longest = 1000;

/**
 * A value that people write as text or number, read by `parse`, which throws `InvalidValue`.
 * @param expected what a wrong value is told, such as "a duration such as 90s"
 */
export function written<T>(expected: string, parse: (text: string) => T, jsonSchema: JsonSchemaHint) {
  return v.pipe(
    v.custom<string | number>((given) => typeof given === 'string' || typeof given === 'number', expected),
    v.rawTransform<string | number, T>(({ dataset, addIssue, NEVER }) => {
      try {
        const text = String(dataset.value);
        if (text.length > longest) throw new InvalidValue(text, expected);
        return parse(text);
      } catch (error) {
        if (!(error instanceof InvalidValue)) throw error;
        addIssue({ message: expected });
        return NEVER;
      }
    }),
    v.metadata({ jsonSchema }),
  );
}

const durationText = '^(\\d+(\\.\\d+)?(ms|s|m|h|d))+$';
const sizeText = '^\\d+(\\.\\d+)?\\s*([kKmMgGtT]([iI]?[bB])|[bB])$';
const shareText = '^\\d+(\\.\\d+)?\\s*%$';

/** Milliseconds. */
export const duration = written('a duration such as 90s, 15m, 2h or 14d', parseDuration, {
  type: 'string',
  pattern: durationText,
  examples: ['15m', '2h'],
});

/** Bytes. */
export const size = written('a size such as 500MB or 20GiB', parseBytes, {
  type: 'string',
  pattern: sizeText,
  examples: ['500MB', '20GiB'],
});

/** From 0 to 1. */
export const share = written('a share from 0% to 100%', parseShare, {
  type: 'string',
  pattern: shareText,
  examples: ['25%'],
});

/** Bytes, or a share of the disk. */
export type SizeOrShare = { bytes: number } | { share: number };

export const sizeOrShare = written(
  'a size such as 20GiB, or a share of the disk such as 20%',
  (text): SizeOrShare =>
    text.trim().endsWith('%') ? { share: parseShare(text) } : { bytes: parseBytes(text) },
  { type: 'string', pattern: `${shareText}|${sizeText}`, examples: ['100GiB', '20%'] },
);

/** A whole number within bounds. */
export function integer(min: number, max: number) {
  return written(`a whole number from ${min} to ${max}`, (text) => parseInteger(text, { min, max }), {
    type: 'integer',
    minimum: min,
    maximum: max,
  });
}

/** A number, not negative; `0.50` and `.5` are numbers, though YAML keeps their text. */
export function amount(unit: string, max: number) {
  const expected = `${unit}, a number from 0 to ${max}`;
  return written(expected, (text) => parseAmount(text, max, expected), {
    type: 'number',
    minimum: 0,
    maximum: max,
  });
}

function parseAmount(text: string, max: number, expected: string): number {
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new InvalidValue(text, expected);
}

/** A text of one line that matches `pattern`; numbers and truths keep the text that was written. */
export function textLike(expected: string, pattern: RegExp) {
  return v.pipe(
    v.custom<string | number | boolean>(
      (given) =>
        ['string', 'number', 'boolean'].includes(typeof given) &&
        !/\p{Cc}/u.test(String(given)) &&
        pattern.test(String(given)),
      expected,
    ),
    v.transform((given) => String(given)),
    v.metadata({ jsonSchema: { type: ['string', 'number', 'boolean'], pattern: pattern.source } }),
  );
}

export const nonEmptyText = textLike('a text of one line that is not empty', /\S/);

/**
 * A name in a map. One that looks like an integer is refused: JavaScript moves such keys to the front, and the order
 * of pools would be lost.
 */
export const name = v.pipe(
  v.string(),
  v.regex(
    /^(?!\d+$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
    'a name of letters, digits, "_", "." and "-", not of digits alone',
  ),
);

/** An HTTP address without a user or password, which would end up in logs. */
export const httpUrl = written('an http:// or https:// address without user and password', parseUrl, {
  type: 'string',
  pattern: '^https?://',
});

function parseUrl(text: string): string {
  const url = /^https?:\/\/[^\s@]+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '')
    throw new InvalidValue(text, 'an http address');
  return text;
}

/** A list of texts; one text alone is a list of one. */
export function oneOrMore<T extends v.GenericSchema>(item: T, what: string) {
  return v.union([item, v.pipe(v.array(item, what), v.minLength(1, `${what} that is not empty`))], what);
}

/** `schema` with the sentence that the reference page and editors show. */
export function described<S extends v.GenericSchema>(schema: S, sentence: string) {
  return v.pipe(schema, v.description(sentence));
}
