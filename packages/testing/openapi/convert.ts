import { isDeepStrictEqual } from 'node:util';
import type { Edition, Operation } from './operations.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** What says nothing about validity. Dropping it makes the slice a tenth of the size. */
const prose = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'title',
  'deprecated',
]);
/** Schema keywords of OpenAPI that JSON Schema does not have; the `oneOf` beside a discriminator says the same. */
const foreign = new Set(['nullable', 'discriminator', 'xml']);

/**
 * Cuts the operations out of OpenAPI 3.0 descriptions and writes them as OpenAPI 3.1, whose schemas are JSON Schema:
 * parameters and responses are inlined, schemas stay references into `components`. Throws when an operation is
 * missing, or when two descriptions disagree on a schema.
 */
export function buildSlice(
  descriptions: Record<Edition, Json>,
  wanted: readonly Operation[],
  version: string,
) {
  const paths: Record<string, JsonObject> = {};
  const schemas: JsonObject = {};
  const seen: Record<Edition, Set<string>> = { 'api.github.com': new Set(), ghec: new Set() };
  for (const { edition, method, path } of wanted) {
    const description = descriptions[edition];
    const found = at(description, ['paths', path, method]);
    if (!isObject(found)) throw new Error(`${edition} ${version} has no operation ${method} ${path}`);
    const item = (paths[path] ??= {});
    item[method] = convertOperation(found, description);
    collectSchemas(item[method], description, schemas, seen[edition]);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'The operations that the actions use',
      version,
      'x-source': `@octokit/openapi ${version}`,
    },
    paths: sorted(paths),
    components: { schemas: sorted(schemas) },
  };
}

/** What a schema of OpenAPI 3.0 says, as JSON Schema: `nullable` becomes a type, prose and extensions go. */
export function convertSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(convertSchema);
  if (!isObject(schema)) return schema;
  const converted: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if ((prose.has(key) && !isObject(value)) || key === 'examples' || key === 'example') continue;
    if (foreign.has(key) || key.startsWith('x-')) continue;
    converted[key] = key === 'properties' ? convertProperties(value) : convertSchema(value);
  }
  return schema.nullable === true ? allowNull(converted) : converted;
}

/** Properties may bear any name, `description` and `title` too. */
function convertProperties(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties as JsonObject).map(([k, v]) => [k, convertSchema(v)]));
}

function allowNull(schema: JsonObject): JsonObject {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const nullable: JsonObject = { ...schema, type: [schema.type, 'null'] };
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) nullable.enum = [...schema.enum, null];
  return nullable;
}

function convertOperation(operation: JsonObject, description: Json): JsonObject {
  const resolve = (value: Json): JsonObject => {
    const reference = isObject(value) ? value.$ref : undefined;
    return (
      typeof reference === 'string' ? at(description, reference.slice(2).split('/')) : value
    ) as JsonObject;
  };
  const parameters = ((operation.parameters as Json[] | undefined) ?? []).map((entry) => {
    const { name, in: place, required, schema } = resolve(entry);
    return { name: name!, in: place!, required: required ?? false, schema: convertSchema(schema!) };
  });
  const responses = Object.entries(operation.responses as JsonObject).map(([status, entry]) => {
    return [status, convertBody(resolve(entry))] as const;
  });
  const converted: JsonObject = { parameters, responses: Object.fromEntries(responses) };
  if (operation.requestBody !== undefined)
    converted.requestBody = convertBody(resolve(operation.requestBody));
  return converted;
}

function convertBody(body: JsonObject): JsonObject {
  const content = Object.entries((body.content ?? {}) as Record<string, JsonObject>).map(([type, media]) => {
    return [type, { schema: convertSchema(media.schema ?? {}) }] as const;
  });
  return content.length === 0 ? {} : { content: Object.fromEntries(content) };
}

/** Adds every schema that the value refers to, directly or not. `seen`: those of this description. */
function collectSchemas(value: Json, description: Json, schemas: JsonObject, seen: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) collectSchemas(entry, description, schemas, seen);
  if (!isObject(value)) return;
  if (typeof value.$ref === 'string' && !seen.has(value.$ref)) {
    seen.add(value.$ref);
    const place = value.$ref.slice(2).split('/');
    const converted = addSchema(place.at(-1)!, at(description, place)!, schemas);
    collectSchemas(converted, description, schemas, seen);
  }
  for (const entry of Object.values(value)) collectSchemas(entry, description, schemas, seen);
}

function addSchema(name: string, schema: Json, schemas: JsonObject): Json {
  const converted = convertSchema(schema);
  const known = (schemas[name] ??= converted);
  if (!isDeepStrictEqual(known, converted)) {
    throw new Error(`the descriptions disagree on the schema ${name}`);
  }
  return converted;
}

function at(value: Json | undefined, place: readonly string[]): Json | undefined {
  return place.reduce<Json | undefined>((here, key) => (isObject(here) ? here[key] : undefined), value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
