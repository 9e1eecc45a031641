import { type Body, findOperation, type Operation, type Parameter, validate } from './openapi-slice.ts';
import type { RecordedRequest } from './exchange.ts';
import { isDateQuery } from './date-query.ts';
import type { Simulator } from './server.ts';

/** Errors that any operation may return. GitHub's description rarely lists them. */
const commonErrors = new Set(['401', '403', '404', '422', '429', '500', '502', '503']);

const basicError: Body = {
  content: {
    'application/json': { schema: { $ref: '#/components/schemas/basic-error', required: ['message'] } },
  },
};

/**
 * Checks all requests and responses of the simulator against GitHub's OpenAPI description.
 * @throws Error with all problems, one per line
 */
export function assertContract({ requests }: Pick<Simulator, 'requests'>): void {
  const problems = requests.flatMap((exchange) => checkExchange(exchange));
  if (problems.length > 0)
    throw new Error(
      `Requests or responses do not match GitHub's OpenAPI description:\n${problems.join('\n')}`,
    );
}

/**
 * Checks one request and its response against GitHub's OpenAPI description. Does not check the response of a
 * deliberate fault.
 * @returns the problems; empty if there are none
 */
export function checkExchange(exchange: RecordedRequest): string[] {
  const where = `${exchange.method} ${exchange.path}`;
  const found = findOperation(exchange.method, exchange.path);
  if (found === undefined) return [`${where}: slice.json has no such operation`];
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
  // The schema says date-time. GitHub's prose and the API accept the date syntax of searches instead.
  if (name === 'created') return isDateQuery(value) ? [] : ['parameter created is not a date query'];
  return validate('text', schema, value, `parameter ${name}`);
}

function checkResponse({ response }: RecordedRequest, operation: Operation): string[] {
  const { status, body, headers } = response;
  if (status === 304) return body === '' ? [] : ['304 with a body'];
  const type = headers['content-type']?.split(';')[0] ?? '';
  const declared = operation.responses[`${status}`];
  if (declared?.content !== undefined) {
    // GitHub's documentation offers raw file contents. Its OpenAPI description does not mention them.
    const mayBeRaw = 'application/vnd.github.object' in declared.content;
    if (mayBeRaw && type === 'application/vnd.github.raw+json') return [];
    return checkBody(declared, type, body, `${status}`);
  }
  if (declared === undefined && !commonErrors.has(`${status}`)) return [`status ${status} is not documented`];
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
