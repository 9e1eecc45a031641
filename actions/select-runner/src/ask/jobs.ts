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
 * The jobs to place: a number, a list of maps, or a matrix.
 * @param structured the text as JSON or YAML
 * @throws UserError naming `input`, when it is none of these, or more than GitHub's 256
 */
export function readJobs(input: string, text: string, structured: unknown): AskedJob[] {
  const refuse: Refuse = (what) => new UserError(`Input '${input}' ${what}.`);
  const wrong: Refuse = (expected) => refuse(`is ${quote(text)}: expected ${expected}`);
  const items = /^\d+$/.test(text)
    ? Array.from({ length: Math.min(Number(text), mostJobs + 1) }, () => ({}))
    : itemsOf(structured, wrong);
  if (items.length > mostJobs)
    throw refuse(`asks for more than ${mostJobs} jobs, and GitHub makes no more of a matrix`);
  return items.map((item, index) => {
    return { index, item, class: classOf(item, refuse), weight: weightOf(item, refuse) };
  });
}

type Refuse = (what: string) => UserError;

function itemsOf(structured: unknown, wrong: Refuse): readonly Item[] {
  if (Array.isArray(structured) && structured.every(isMap)) return withoutReserved(structured, wrong);
  if (!isMap(structured)) throw wrong('a number, a list of maps, or a matrix');
  for (const [axis, values] of Object.entries(structured)) {
    const isList = Array.isArray(values);
    if (!isList) throw wrong(`a list under '${axis}'`);
    if (['include', 'exclude'].includes(axis) && !values.every(isMap))
      throw wrong(`a list of maps under '${axis}'`);
  }
  const size = Object.entries(structured).reduce(
    (product, [axis, values]) =>
      ['include', 'exclude'].includes(axis) ? product : product * (values as unknown[]).length,
    1,
  );
  if (size > 100 * mostJobs) throw wrong(`a matrix of at most ${mostJobs} jobs`);
  return withoutReserved(expandMatrix(structured), wrong);
}

/** What the placement sets in each cell of the output `matrix`: a key of the user's would be lost there. */
const reserved = ['index', 'pool', 'runs-on'];

function withoutReserved(items: readonly Item[], wrong: Refuse): readonly Item[] {
  const taken = items.flatMap((item) => reserved.filter((key) => key in item))[0];
  if (taken === undefined) return items;
  throw wrong(`another name than '${taken}', which the placement sets`);
}

function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function classOf({ class: name }: Item, refuse: Refuse): string | undefined {
  if (name === undefined || typeof name === 'string') return name;
  throw refuse(`has the class ${quote(JSON.stringify(name))}: expected the name of a class`);
}

function weightOf({ weight = 1 }: Item, refuse: Refuse): number {
  if (typeof weight === 'number' && weight > 0 && weight <= 1e6) return weight;
  throw refuse(`has the weight ${quote(JSON.stringify(weight))}: expected a number above 0`);
}
