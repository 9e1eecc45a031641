import { cleanText } from './label-value.ts';

/** An attribute in OTLP's JSON. A number of 64 bits is a text there. Source: OTLP 1.x, "JSON Protobuf Encoding". */
export interface Attribute {
  key: string;
  value: { stringValue: string } | { intValue: string };
}

/** Names and values. `undefined` means that the value is not known, and is left out. */
export type AttributeValues = Readonly<Record<string, string | number | undefined>>;

/** Characters. An address of a job can be longer than a label may be. */
const maxLength = 1_000;

export function attributesOf(values: AttributeValues): Attribute[] {
  return Object.entries(values).flatMap(([key, value]): Attribute[] => {
    if (value === undefined || value === '') return [];
    if (typeof value === 'number')
      return Number.isSafeInteger(value) ? [{ key, value: { intValue: String(value) } }] : [];
    return [{ key, value: { stringValue: cleanText(value, maxLength) } }];
  });
}

/** Returns milliseconds since the epoch as OTLP's text of nanoseconds, which a number of JavaScript cannot hold. */
export function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds)) * 1_000_000n);
}

/** The conventions that our attributes follow. */
export const schemaUrl = 'https://opentelemetry.io/schemas/1.44.0';
export const scope = { name: 'runner-actions' };
