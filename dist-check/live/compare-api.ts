import type { GitHub } from '@runner-actions/github';
import { headersRead, type Question } from './api-questions.ts';
import type { Answer } from './ask.ts';
import type { Difference } from './difference.ts';
import { parentOf, shapeOf, typeName, watchReads } from './shape.ts';

/** Returns why two answers have no keys to compare, such as another status; `undefined` if they have. */
export function obstacleTo(question: Question, github: Answer, simulator: Answer): Difference | undefined {
  const where = `API: ${question.what}`;
  const limit = isRateLimit(github) ? ', a rate limit' : '';
  if (limit !== '' || github.status !== simulator.status) {
    const row = { where, what: 'status', expected: `${simulator.status}`, seen: `${github.status}${limit}` };
    // A token for runners may be one of the repository or one of the organization.
    return { weight: question.token === 'runner' ? 'open' : 'matters', ...row };
  }
  const [expected, seen] = [typeName(simulator.body), typeName(github.body)];
  if (expected === seen) return undefined;
  return { weight: 'matters', where, what: 'body', expected, seen: seen === 'undefined' ? 'not JSON' : seen };
}

function isRateLimit({ status, headers, body }: Answer): boolean {
  const { message = '' } = (body ?? {}) as { message?: unknown };
  const says = 'retry-after' in headers || headers['x-ratelimit-remaining'] === '0';
  return status === 429 || (status === 403 && (says || /rate limit/i.test(String(message))));
}

/**
 * Compares two answers that have no obstacle: headers that our code reads, keys and types.
 * @param contract what is wrong with GitHub's answer according to its OpenAPI description
 */
export async function compareAnswers(
  question: Question,
  github: Answer,
  simulator: Answer,
  contract: readonly string[],
): Promise<Difference[]> {
  const where = `API: ${question.what}`;
  const headers = headersRead.filter((name) => name in simulator.headers && !(name in github.headers));
  const read = await keysRead(question, simulator.body);
  return [
    ...headers.map((name): Difference => {
      return { weight: 'matters', where, what: `header ${name}`, expected: 'set', seen: 'not set' };
    }),
    ...compareShapes(where, github.body, simulator.body, read),
    ...contract.map((problem): Difference => {
      return { weight: 'minor', where, what: 'OpenAPI description', expected: 'valid', seen: problem };
    }),
  ];
}

/** Returns the paths of the keys that our own code reads from an answer. */
export async function keysRead({ read }: Question, body: unknown): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  const client: GitHub = {
    get: async () => watchReads(body, keys),
    post: async () => undefined,
    patch: async () => undefined,
    callsUsed: () => 0,
    now: () => Date.now(),
  };
  await read?.(client);
  return keys;
}

/** Compares keys and types. @param read the paths that our code reads: only there does a difference matter */
export function compareShapes(
  where: string,
  github: unknown,
  simulator: unknown,
  read: ReadonlySet<string>,
): Difference[] {
  const [real, ours] = [shapeOf(github), shapeOf(simulator)];
  const invented: string[] = [];
  const found: Difference[] = [];
  for (const [path, types] of ours) {
    const expected = [...types].sort().join(' or ');
    const seen = real.get(path);
    const weight = read.has(path) ? 'matters' : 'minor';
    if (seen !== undefined) {
      const others = [...seen].filter((type) => !types.has(type));
      if (others.length > 0)
        found.push({ weight, where, what: `type of ${path}`, expected, seen: others.sort().join(' or ') });
      else if (weight === 'matters' && types.size > 1 && [...seen].join() === 'null')
        found.push({ weight: 'open', where, what: `type of ${path}`, expected, seen: 'only null' });
    } else if (path.endsWith('[]'))
      found.push({ weight: 'open', where, what: path, expected, seen: 'an empty list' });
    else if (real.has(parentOf(path)) && real.get(parentOf(path))?.has('object')) {
      if (weight === 'minor') invented.push(path);
      else found.push({ weight, where, what: path, expected, seen: 'missing' });
    }
  }
  const lacking = [...real.keys()].filter((path) => !ours.has(path) && ours.has(parentOf(path)));
  for (const path of lacking.filter((one) => read.has(one)))
    found.push({
      weight: 'matters',
      where,
      what: path,
      expected: 'missing',
      seen: 'a key that our code reads',
    });
  const unread = lacking.filter((path) => !read.has(path));
  if (invented.length > 0)
    found.push({ weight: 'minor', where, what: 'keys', expected: invented.join(', '), seen: 'missing' });
  if (unread.length > 0)
    found.push({ weight: 'minor', where, what: 'more keys', expected: 'none', seen: unread.join(', ') });
  return found;
}
