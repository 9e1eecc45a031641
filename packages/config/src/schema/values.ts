import * as v from 'valibot';
import { InvalidValue, parseBytes, parseDuration, parseInteger, parseShare } from '@runner-actions/core';

/** The JSON Schema of a value, for editors. The parser is applied separately. */
export interface JsonSchemaHint {
  type?: string | string[];
  anyOf?: JsonSchemaHint[];
  enum?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  examples?: (string | number)[];
}

/** Characters. No legitimate value is longer, and patterns are slow on long texts. */
const maxLength = 1000;

/**
 * Creates the schema of a value that users write as a text or a number.
 * @param expected the message for an invalid value, such as "a duration such as 90s"
 * @param parse converts the text; throws `InvalidValue`
 */
export function written<T>(expected: string, parse: (text: string) => T, jsonSchema: JsonSchemaHint) {
  return v.pipe(
    v.custom<string | number>((given) => typeof given === 'string' || typeof given === 'number', expected),
    v.rawTransform<string | number, T>(({ dataset, addIssue, NEVER }) => {
      try {
        const text = String(dataset.value);
        if (text.length > maxLength) throw new InvalidValue(text, expected);
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

/** A duration. The result is in milliseconds. */
export const duration = written('a duration such as 90s, 15m, 2h or 14d', parseDuration, {
  type: 'string',
  pattern: durationText,
  examples: ['15m', '2h'],
});

/** A size. The result is in bytes. */
export const size = written('a size such as 500MB or 20GiB', parseBytes, {
  type: 'string',
  pattern: sizeText,
  examples: ['500MB', '20GiB'],
});

/** A share. The result is a number from 0 to 1. */
export const share = written('a share from 0% to 100%', parseShare, {
  type: 'string',
  pattern: shareText,
  examples: ['25%'],
});

/** A size in bytes, or a share of the disk from 0 to 1. */
export type SizeOrShare = { bytes: number } | { share: number };

export const sizeOrShare = written(
  'a size such as 20GiB, or a share of the disk such as 20%',
  (text): SizeOrShare =>
    text.trim().endsWith('%') ? { share: parseShare(text) } : { bytes: parseBytes(text) },
  { type: 'string', pattern: `${shareText}|${sizeText}`, examples: ['100GiB', '20%'] },
);

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number) {
  return written(`a whole number from ${min} to ${max}`, (text) => parseInteger(text, { min, max }), {
    type: 'integer',
    minimum: min,
    maximum: max,
  });
}

/** A number from 0 to `max`. Also accepts `0.50` and `.5`, which the YAML reader keeps as text. */
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

/** A text of one line that matches `pattern`. Numbers and booleans are converted to text. */
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
 * A key of a map. A key that consists of digits is refused: JavaScript moves such keys to the front, and the order of
 * pools would be lost.
 */
export const name = v.pipe(
  v.string(),
  v.regex(
    /^(?!\d+$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
    'a name of letters, digits, "_", "." and "-", not of digits alone',
  ),
);

/** An HTTP address. A user or password is refused, because it would end up in logs. */
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

/** One item, or a list of items that is not empty. */
export function oneOrMore<T extends v.GenericSchema>(item: T, what: string) {
  return v.union([item, v.pipe(v.array(item, what), v.minLength(1, `${what} that is not empty`))], what);
}

/** Adds the description that the reference page and editors show. */
export function described<S extends v.GenericSchema>(schema: S, sentence: string) {
  return v.pipe(schema, v.description(sentence));
}
