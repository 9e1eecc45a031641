import { quote, UserError } from '@runner-actions/core';
import { expandMatrix, type Item } from './matrix.ts';

/** GitHub creates at most 256 jobs from a matrix. Source: GitHub's page "Usage limits". */
const maxJobs = 256;

/** A job to place, as the input `jobs` describes it. */
export interface JobSpec {
  index: number;
  /** The user's item for this job, with all its keys. */
  item: Item;
  /** Name of a class in the configuration. */
  class: string | undefined;
  /** Jobs with a higher weight are placed first. */
  weight: number;
}

/**
 * Parses the jobs to place: a number, a list of maps, or a matrix.
 * @param input the name of the input, for error messages
 * @param structured `text` parsed as JSON or YAML
 * @throws UserError naming `input`, when the value is none of these or describes more than GitHub's 256 jobs
 */
export function readJobs(input: string, text: string, structured: unknown): JobSpec[] {
  const refuse: Refuse = (what) => new UserError(`Input '${input}' ${what}.`);
  const wrong: Refuse = (expected) => refuse(`is ${quote(text)}: expected ${expected}`);
  const items = /^\d+$/.test(text)
    ? Array.from({ length: Math.min(Number(text), maxJobs + 1) }, () => ({}))
    : itemsOf(structured, wrong);
  if (items.length > maxJobs)
    throw refuse(`requests more than ${maxJobs} jobs, and GitHub creates at most ${maxJobs} from a matrix`);
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
  if (size > 100 * maxJobs) throw wrong(`a matrix of at most ${maxJobs} jobs`);
  return withoutReserved(expandMatrix(structured), wrong);
}

/**
 * Keys that the action sets in each cell of the output `matrix`. A user's key of the same name would be overwritten.
 */
const reserved = ['index', 'pool', 'runs-on'];

function withoutReserved(items: readonly Item[], wrong: Refuse): readonly Item[] {
  const taken = items.flatMap((item) => reserved.filter((key) => key in item))[0];
  if (taken === undefined) return items;
  throw wrong(`a key other than '${taken}', which the action sets itself`);
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
