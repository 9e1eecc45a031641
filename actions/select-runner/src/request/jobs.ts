import { quote, UserError } from '@runner-actions/core';
import { expandMatrix, type Item } from './matrix.ts';
import { sameText } from './matrix-filter.ts';

/** GitHub creates at most 256 jobs from a matrix. Source: GitHub's page "Usage limits". */
const maxJobs = 256;
/** More comparisons of cells with entries of `include` and `exclude` would take seconds. */
const maxComparisons = 200_000;

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
  if (Array.isArray(structured) && structured.every(isMap)) return checkedItems(structured, wrong);
  if (!isMap(structured)) throw wrong('a number, a list of maps, or a matrix');
  checkMatrix(structured, wrong);
  return checkedItems(expandMatrix(structured), wrong);
}

/** Refuses what GitHub refuses in a matrix, and a matrix that would take too long to expand. */
function checkMatrix(matrix: Item, wrong: Refuse): void {
  checkKeys(matrix, wrong);
  const { include = [], exclude = [], ...axes } = matrix;
  const names = Object.keys(axes);
  for (const [axis, values] of Object.entries({ ...axes, include, exclude }))
    if (!Array.isArray(values)) throw wrong(`a list under '${axis}'`);
  for (const [key, entries] of Object.entries({ include, exclude }) as [string, unknown[]][]) {
    if (!entries.every(isMap)) throw wrong(`a list of maps under '${key}'`);
    if (entries.some((entry) => Object.keys(entry).length === 0)) throw wrong(`no empty map under '${key}'`);
    for (const entry of entries) checkKeys(entry, wrong);
  }
  const stray = (exclude as Item[])
    .flatMap((entry) => Object.keys(entry))
    .find((key) => !names.some((name) => sameText(name, key)));
  if (stray !== undefined)
    throw wrong(
      `axes of the matrix (${names.join(', ') || 'it has none'}) under 'exclude', and '${stray}' is none`,
    );
  const size = Object.values(axes).reduce<number>(
    (product, values) => product * (values as unknown[]).length,
    1,
  );
  const filters = [include, exclude].flat().length;
  if (size > 100 * maxJobs || size * filters > maxComparisons)
    throw wrong(`a matrix of at most ${maxJobs} jobs`);
}

/** Refuses two keys that GitHub takes for one, because they differ only in case. */
function checkKeys(map: Item, wrong: Refuse): void {
  const seen = new Map<string, string>();
  for (const key of Object.keys(map)) {
    const other = seen.get(key.toLowerCase());
    if (other !== undefined)
      throw wrong(
        `'${other}' or '${key}', not both: GitHub does not distinguish upper and lower case in keys`,
      );
    seen.set(key.toLowerCase(), key);
  }
}

/**
 * Keys that the action sets in each cell of the output `matrix`. A user's key of the same name would be overwritten.
 */
const reserved = ['index', 'pool', 'runs-on'];

function checkedItems(items: readonly Item[], wrong: Refuse): readonly Item[] {
  for (const item of items) checkKeys(item, wrong);
  const taken = items
    .flatMap((item) => Object.keys(item).filter((key) => reserved.includes(key.toLowerCase())))
    .at(0);
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
