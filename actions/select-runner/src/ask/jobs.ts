import { quote, UserError } from '@runner-actions/core';
import { expandMatrix, type Item } from './matrix.ts';

/** GitHub makes no more than 256 jobs of a matrix. Source: GitHub's page "Usage limits". */
const mostJobs = 256;

/** A job to place. */
export interface AskedJob {
  index: number;
  /** What the user said of it, all keys kept. */
  item: Item;
  /** A class of the configuration. */
  class: string | undefined;
  /** Heavier jobs choose first. */
  weight: number;
}

/**
 * The jobs of the input `jobs`: a number, a list of maps, or a matrix.
 * @param structured the input as JSON or YAML
 * @throws UserError when it is none of these, or more than GitHub's 256
 */
export function readJobs(text: string, structured: unknown): AskedJob[] {
  const items = /^\d+$/.test(text)
    ? Array.from({ length: Math.min(Number(text), mostJobs + 1) }, () => ({}))
    : itemsOf(text, structured);
  if (items.length > mostJobs)
    throw new UserError(
      `Input 'jobs' asks for more than ${mostJobs} jobs, and GitHub makes no more of a matrix.`,
    );
  return items.map((item, index) => ({ index, item, class: classOf(item), weight: weightOf(item) }));
}

function itemsOf(text: string, structured: unknown): readonly Item[] {
  if (Array.isArray(structured) && structured.every(isMap)) return withoutReserved(text, structured);
  if (!isMap(structured)) throw wrong(text, 'a number, a list of maps, or a matrix');
  for (const [axis, values] of Object.entries(structured)) {
    const isList = Array.isArray(values);
    if (!isList) throw wrong(text, `a list under '${axis}'`);
    if (['include', 'exclude'].includes(axis) && !values.every(isMap))
      throw wrong(text, `a list of maps under '${axis}'`);
  }
  const size = Object.entries(structured).reduce(
    (product, [axis, values]) =>
      ['include', 'exclude'].includes(axis) ? product : product * (values as unknown[]).length,
    1,
  );
  if (size > 100 * mostJobs) throw wrong(text, `a matrix of at most ${mostJobs} jobs`);
  return withoutReserved(text, expandMatrix(structured));
}

/** What the placement sets in each cell of the output `matrix`: a key of the user's would be lost there. */
const reserved = ['index', 'pool', 'runs-on'];

function withoutReserved(text: string, items: readonly Item[]): readonly Item[] {
  const taken = items.flatMap((item) => reserved.filter((key) => key in item))[0];
  if (taken === undefined) return items;
  throw wrong(text, `another name than '${taken}', which the placement sets`);
}

function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function classOf({ class: name }: Item): string | undefined {
  if (name === undefined || typeof name === 'string') return name;
  throw new UserError(
    `Input 'jobs' has the class ${quote(JSON.stringify(name))}: expected the name of a class.`,
  );
}

function weightOf({ weight = 1 }: Item): number {
  if (typeof weight === 'number' && weight > 0 && weight <= 1e6) return weight;
  throw new UserError(
    `Input 'jobs' has the weight ${quote(JSON.stringify(weight))}: expected a number above 0.`,
  );
}

function wrong(text: string, expected: string): UserError {
  return new UserError(`Input 'jobs' is ${quote(text)}: expected ${expected}.`);
}
