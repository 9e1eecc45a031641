import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { RecordedRequest } from './exchange.ts';
import { matchPath } from './route.ts';
import type { Simulator } from './server.ts';

type Schema = Record<string, unknown>;
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}
interface Body {
  content?: Record<string, { schema: Schema }>;
}
interface Operation {
  parameters: Parameter[];
  responses: Record<string, Body>;
  requestBody?: Body;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const description = JSON.parse(
  readFileSync(new URL('../../openapi/slice.json', import.meta.url), 'utf8'),
) as Description;

/** Errors that any operation may give, though GitHub's description rarely lists them. */
const common = new Set(['401', '403', '404', '422', '429', '500', '502', '503']);

const strict = new Ajv2020({ strict: false, allErrors: true });
// Queries and paths are text: "100" is an integer there.
const coercing = new Ajv2020({ strict: false, allErrors: true, coerceTypes: true });
for (const ajv of [strict, coercing]) {
  formats.default(ajv);
  ajv.addSchema({ $id: 'github', components: description.components });
}

/** Throws with every way in which the exchanges of the simulator break GitHub's published contract. */
export function assertContract({ requests }: Pick<Simulator, 'requests'>): void {
  const problems = requests.flatMap((exchange) => checkExchange(exchange));
  if (problems.length > 0) throw new Error(`GitHub's contract is broken:\n${problems.join('\n')}`);
}

/**
 * How one request and its answer differ from GitHub's OpenAPI description; empty when they do not. The answer of a
 * deliberate fault is not checked.
 */
export function checkExchange(exchange: RecordedRequest): string[] {
  const where = `${exchange.method} ${exchange.path}`;
  const found = findOperation(exchange);
  if (found === undefined) return [`${where}: no operation of the slice`];
  const problems = checkRequest(exchange, found);
  if (exchange.fault === undefined) problems.push(...checkResponse(exchange, found.operation));
  return problems.map((problem) => `${where}: ${problem}`);
}

interface Found {
  operation: Operation;
  values: Record<string, string>;
}

function findOperation({ method, path }: RecordedRequest): Found | undefined {
  for (const [template, item] of Object.entries(description.paths)) {
    const values = matchPath(template, path);
    const operation = item[method.toLowerCase()];
    if (values !== undefined && operation !== undefined) return { operation, values };
  }
  return undefined;
}

function checkRequest(exchange: RecordedRequest, { operation, values }: Found): string[] {
  const given = { path: values, query: exchange.query, header: exchange.headers };
  const known = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = Object.keys(exchange.query).filter((name) => !known.includes(name));
  const wrong = operation.parameters.flatMap(({ name, in: place, required, schema }) => {
    const value = given[place][name];
    if (value === undefined) return required ? [`parameter ${name} is missing`] : [];
    return validate(
      coercing,
      { type: 'object', properties: { value: schema } },
      { value },
      `parameter ${name}`,
    );
  });
  const body =
    exchange.body === ''
      ? []
      : checkBody(operation.requestBody, 'application/json', exchange.body, 'request');
  return [...unknown.map((name) => `unknown query parameter ${name}`), ...wrong, ...body];
}

function checkResponse({ response }: RecordedRequest, operation: Operation): string[] {
  const { status, body, headers } = response;
  if (status === 304) return body === '' ? [] : ['304 with a body'];
  const type = headers['content-type']?.split(';')[0] ?? '';
  const declared = operation.responses[`${status}`];
  if (declared?.content !== undefined) {
    // GitHub's description does not say that a file may be had raw; the documentation does.
    const raw =
      type === 'application/vnd.github.raw+json' && 'application/vnd.github.object' in declared.content;
    return raw ? [] : checkBody(declared, type, body, `${status}`);
  }
  if (declared === undefined && !common.has(`${status}`)) return [`status ${status} is not documented`];
  const error: Schema = { $ref: '#/components/schemas/basic-error', required: ['message'] };
  return checkBody({ content: { 'application/json': { schema: error } } }, type, body, `${status}`);
}

function checkBody(body: Body | undefined, type: string, text: string, where: string): string[] {
  const schema = body?.content?.[type]?.schema;
  if (schema === undefined) return [`${where}: a body of type ${type || 'none'} is not documented`];
  try {
    return validate(strict, schema, JSON.parse(text), `${where} body`);
  } catch (error) {
    return [`${where} body: ${(error as Error).message}`];
  }
}

const rooted = new WeakMap<Schema, Schema>();

function validate(ajv: Ajv2020, schema: Schema, value: unknown, where: string): string[] {
  if (!rooted.has(schema)) rooted.set(schema, withRoot(schema) as Schema);
  const check = ajv.compile(rooted.get(schema)!);
  if (check(value)) return [];
  return (check.errors ?? []).map(
    ({ instancePath, message }) => `${where}${instancePath} ${message ?? 'is wrong'}`,
  );
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
