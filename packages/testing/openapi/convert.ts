import { isDeepStrictEqual } from 'node:util';
import type { Edition, Operation } from './operations.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Keywords that do not affect validation. Without them, the slice has a tenth of the size. */
const proseKeywords = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'title',
  'deprecated',
]);
/** Keywords of OpenAPI that JSON Schema does not have. The `oneOf` next to a `discriminator` has the same meaning. */
const openApiKeywords = new Set(['nullable', 'discriminator', 'xml']);

/**
 * Extracts operations from OpenAPI 3.0 descriptions and converts them to OpenAPI 3.1, whose schemas are JSON Schema.
 * Inlines parameters and responses. Schemas stay references into `components`.
 * @throws Error if an operation is missing, or if the two descriptions have different schemas with the same name
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
    const found = lookUp(description, ['paths', path, method]);
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

/** Converts a schema of OpenAPI 3.0 to JSON Schema: converts `nullable` to a type, and removes prose and extensions. */
export function convertSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(convertSchema);
  if (!isObject(schema)) return schema;
  const converted: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    if ((proseKeywords.has(key) && !isObject(value)) || key === 'examples' || key === 'example') continue;
    if (openApiKeywords.has(key) || key.startsWith('x-')) continue;
    converted[key] = key === 'properties' ? convertProperties(value) : convertSchema(value);
  }
  return schema.nullable === true ? allowNull(converted) : converted;
}

/** Converts properties separately, because a property can have any name, including `description` and `title`. */
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
      typeof reference === 'string' ? lookUp(description, reference.slice(2).split('/')) : value
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

/** Adds all schemas to which the value refers, directly or indirectly. @param seen references already followed in this description */
function collectSchemas(value: Json, description: Json, schemas: JsonObject, seen: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) collectSchemas(entry, description, schemas, seen);
  if (!isObject(value)) return;
  if (typeof value.$ref === 'string' && !seen.has(value.$ref)) {
    seen.add(value.$ref);
    const place = value.$ref.slice(2).split('/');
    const converted = addSchema(place.at(-1)!, lookUp(description, place)!, schemas);
    collectSchemas(converted, description, schemas, seen);
  }
  for (const entry of Object.values(value)) collectSchemas(entry, description, schemas, seen);
}

function addSchema(name: string, schema: Json, schemas: JsonObject): Json {
  const converted = convertSchema(schema);
  const known = (schemas[name] ??= converted);
  if (!isDeepStrictEqual(known, converted)) {
    throw new Error(`the descriptions have different schemas ${name}`);
  }
  return converted;
}

function lookUp(value: Json | undefined, place: readonly string[]): Json | undefined {
  return place.reduce<Json | undefined>((here, key) => (isObject(here) ? here[key] : undefined), value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
