import { type Body, findOperation, type Operation, type Parameter, validate } from './description.ts';
import type { RecordedRequest } from './exchange.ts';
import { isDateQuery } from './search.ts';
import type { Simulator } from './server.ts';

/** Errors that any operation may give, though GitHub's description rarely lists them. */
const common = new Set(['401', '403', '404', '422', '429', '500', '502', '503']);

const basicError: Body = {
  content: {
    'application/json': { schema: { $ref: '#/components/schemas/basic-error', required: ['message'] } },
  },
};

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
  const found = findOperation(exchange.method, exchange.path);
  if (found === undefined) return [`${where}: no operation of the slice`];
  const problems = checkRequest(exchange, found.operation, found.values);
  if (exchange.fault === undefined) problems.push(...checkResponse(exchange, found.operation));
  return problems.map((problem) => `${where}: ${problem}`);
}

function checkRequest(
  exchange: RecordedRequest,
  operation: Operation,
  path: Record<string, string>,
): string[] {
  const given = { path, query: exchange.query, header: exchange.headers };
  const known = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const unknown = Object.keys(exchange.query).filter((name) => !known.includes(name));
  const wrong = operation.parameters.flatMap((parameter) => {
    return checkParameter(parameter, given[parameter.in][parameter.name]);
  });
  const { body } = exchange;
  const sent = body === '' ? [] : checkBody(operation.requestBody, 'application/json', body, 'request');
  return [...unknown.map((name) => `unknown query parameter ${name}`), ...wrong, ...sent];
}

function checkParameter({ name, required, schema }: Parameter, value: string | undefined): string[] {
  if (value === undefined) return required ? [`parameter ${name} is missing`] : [];
  // GitHub's description calls it a date-time; the prose, and the API, take the syntax of searches.
  if (name === 'created') return isDateQuery(value) ? [] : ['parameter created is no search for dates'];
  return validate('text', schema, value, `parameter ${name}`);
}

function checkResponse({ response }: RecordedRequest, operation: Operation): string[] {
  const { status, body, headers } = response;
  if (status === 304) return body === '' ? [] : ['304 with a body'];
  const type = headers['content-type']?.split(';')[0] ?? '';
  const declared = operation.responses[`${status}`];
  if (declared?.content !== undefined) {
    // GitHub's description does not say that a file may be had raw; the documentation does.
    const mayBeRaw = 'application/vnd.github.object' in declared.content;
    if (mayBeRaw && type === 'application/vnd.github.raw+json') return [];
    return checkBody(declared, type, body, `${status}`);
  }
  if (declared === undefined && !common.has(`${status}`)) return [`status ${status} is not documented`];
  return checkBody(basicError, type, body, `${status}`);
}

function checkBody(body: Body | undefined, type: string, text: string, where: string): string[] {
  const schema = body?.content?.[type]?.schema;
  if (schema === undefined) return [`${where}: a body of type ${type || 'none'} is not documented`];
  try {
    return validate('json', schema, JSON.parse(text), `${where} body`);
  } catch (error) {
    return [`${where} body: ${(error as Error).message}`];
  }
}
