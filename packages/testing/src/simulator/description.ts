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

/** The slice of GitHub's OpenAPI description; `openapi/slice.ts` makes it. */
const description = JSON.parse(
  readFileSync(new URL('../../openapi/slice.json', import.meta.url), 'utf8'),
) as Description;

/** The operation that a request is of, with its path parameters. */
export function findOperation(method: string, path: string) {
  for (const [template, item] of Object.entries(description.paths)) {
    const values = matchPath(template, path);
    const operation = item[method.toLowerCase()];
    if (values !== undefined && operation !== undefined) return { operation, values };
  }
  return undefined;
}

const json = prepare(new Ajv2020({ strict: false, allErrors: true }));
const text = prepare(new Ajv2020({ strict: false, allErrors: true, coerceTypes: true }));
/** A schema is compiled once. Values are wrapped, since only what is inside an object can be coerced. */
const wrapped = new WeakMap<Schema, Schema>();

function prepare(ajv: Ajv2020): Ajv2020 {
  formats.default(ajv);
  return ajv.addSchema({ $id: 'github', components: description.components });
}

/** What is wrong with a value; empty when nothing is. In text (a query, a path) "100" is an integer. */
export function validate(kind: 'json' | 'text', schema: Schema, value: unknown, where: string): string[] {
  if (!wrapped.has(schema)) wrapped.set(schema, { type: 'object', properties: { value: withRoot(schema) } });
  const check = (kind === 'json' ? json : text).compile(wrapped.get(schema)!);
  if (check({ value })) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => {
    return `${where}${instancePath.slice('/value'.length)} ${message ?? 'is wrong'}`;
  });
}

/** References of the description point into it; those of a schema that is compiled alone must name it. */
function withRoot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRoot);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const reference = key === '$ref' && typeof inner === 'string';
      return [key, reference ? inner.replace(/^#/, 'github#') : withRoot(inner)];
    }),
  );
}
