import { Ajv } from 'ajv';

/** Checks a value against a JSON Schema. @returns the problems with their places, without values; empty if it is valid */
export function schemaProblems(schema: object, value: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  if (ajv.validate(schema, value)) return [];
  return (ajv.errors ?? []).map(({ instancePath, message = 'is wrong' }) =>
    `${instancePath} ${message}`.trim(),
  );
}
