import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { matchPath } from './route.ts';

export type Schema = Record<string, unknown>;

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

export interface Body {
  content?: Record<string, { schema: Schema }>;
}

export interface Operation {
  parameters: Parameter[];
  responses: Record<string, Body>;
  requestBody?: Body;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A part of GitHub's OpenAPI description, which `openapi/slice.ts` generates. */
const description = JSON.parse(
  readFileSync(new URL('../../openapi/slice.json', import.meta.url), 'utf8'),
) as Description;

/** Finds the operation of a request, and the values of its path parameters. */
export function findOperation(method: string, path: string) {
  for (const [template, item] of Object.entries(description.paths)) {
    const values = matchPath(template, path);
    const operation = item[method.toLowerCase()];
    if (values !== undefined && operation !== undefined) return { operation, values };
  }
  return undefined;
}

const jsonValidator = addDescription(new Ajv2020({ strict: false, allErrors: true }));
const textValidator = addDescription(new Ajv2020({ strict: false, allErrors: true, coerceTypes: true }));
/** The wrapped form of each schema, so that Ajv compiles it once. Ajv coerces a value only inside an object. */
const wrappedSchemas = new WeakMap<Schema, Schema>();

function addDescription(ajv: Ajv2020): Ajv2020 {
  formats.default(ajv);
  return ajv.addSchema({ $id: 'github', components: description.components });
}

/**
 * Validates a value against a schema of the description.
 * @param kind `text` for values from a query or a path, where "100" is a valid integer
 * @param where begins each message
 * @returns the problems; empty if the value is valid
 */
export function validate(kind: 'json' | 'text', schema: Schema, value: unknown, where: string): string[] {
  if (!wrappedSchemas.has(schema))
    wrappedSchemas.set(schema, { type: 'object', properties: { value: withRoot(schema) } });
  const check = (kind === 'json' ? jsonValidator : textValidator).compile(wrappedSchemas.get(schema)!);
  if (check({ value })) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => {
    return `${where}${instancePath.slice('/value'.length)} ${message ?? 'is wrong'}`;
  });
}

/** Adds the id of the description to each `$ref`. A schema that is compiled by itself needs it to find the target. */
function withRoot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRoot);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isReference = key === '$ref' && typeof inner === 'string';
      return [key, isReference ? inner.replace(/^#/, 'github#') : withRoot(inner)];
    }),
  );
}
