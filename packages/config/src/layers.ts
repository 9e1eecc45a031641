import * as v from 'valibot';
import { type Document, readDocument } from './document.ts';
import { type FilePlace, type Files, fileNameOf, resolvePlace } from './files.ts';
import { clip, type Problem } from './problem.ts';
import { nonEmptyText } from './schema/values.ts';
import { validate } from './validate.ts';

/** Limits of `extends`. A longer chain or more files are a mistake, or an attack on the call budget. */
const maxDepth = 10;
const maxFiles = 30;
/** Bytes of all files together. Each of them may have 1 MiB, and takes seconds then. */
const maxBytes = 4 * 1024 * 1024;

export interface Layers<T = unknown> {
  /** The content of each file. Base files come before the files that extend them. */
  layers: { document: Document; value: T }[];
  /** Names of the files, in the same order. */
  names: string[];
  problems: Problem[];
  /** Files that could not be fetched. */
  unknown: Absence[];
  /** Set if the first file does not exist. */
  missing: Absence | undefined;
}

/** Why a file was not read. `problem` reports it as a mistake, for checks in which every file must exist. */
export interface Absence {
  why: string;
  problem: Problem;
}

/**
 * Reads a file and all files that it extends. Continues after a mistake, so that all mistakes are reported at once.
 * @param schema the schema of one file, with the key `extends`
 */
export async function readLayers<S extends v.GenericSchema<unknown, unknown>>(
  files: Files,
  first: FilePlace,
  schema: S,
): Promise<Layers<v.InferOutput<S>>> {
  const layers: Layers<v.InferOutput<S>> = {
    ...{ layers: [], names: [], problems: [], unknown: [], missing: undefined },
  };
  const texts = new Map<string, ReturnType<Files['read']>>();
  const read = (place: FilePlace): ReturnType<Files['read']> => {
    const known = texts.get(fileNameOf(place)) ?? files.read(place);
    texts.set(fileNameOf(place), known);
    return known;
  };
  const fits = countBytes();
  let count = 0;

  async function add(
    place: FilePlace,
    above: readonly string[],
    mistake: (expected: string) => Problem,
  ): Promise<void> {
    const name = fileNameOf(place);
    const chain = [...above, name];
    const wrong = (expected: string): void => void layers.problems.push(mistake(expected));
    if (above.includes(name)) return wrong(`no circular 'extends': ${chain.join(' → ')}`);
    if (above.length >= maxDepth)
      return wrong(`at most ${maxDepth} files in a chain of 'extends': ${chain.join(' → ')}`);
    count += 1;
    if (count > maxFiles) return wrong(`at most ${maxFiles} files in all`);
    const fetched = await read(place);
    const absence = (why: string): Absence => ({ why, problem: mistake(`a file that can be read (${why})`) });
    if (fetched.kind === 'missing' && above.length === 0)
      layers.missing = absence(`${clip(name)}: ${fetched.why}`);
    else if (fetched.kind === 'missing') wrong(`an existing file (${fetched.why})`);
    else if (fetched.kind === 'wrong') layers.problems.push(ofFile(name, fetched.expected));
    else if (fetched.kind === 'unknown') layers.unknown.push(absence(`${clip(name)}: ${fetched.why}`));
    else if (!fits(fetched.text)) wrong(`at most ${maxBytes / 1024 / 1024} MiB in all files`);
    else await addDocument(readDocument(fetched.text, name), place, chain);
  }

  async function addDocument(document: Document, place: FilePlace, chain: readonly string[]): Promise<void> {
    const isEmpty = document.value === null && document.problems.length === 0;
    const whole = isEmpty ? { ...document, value: {} } : document;
    const validation = validate(whole, schema);
    if (!validation.ok) layers.problems = layers.problems.concat(validation.problems);
    for (const { entry, path } of extendsOf(whole.value)) {
      const at = { ...whole.positionOf(path, 'value'), path, found: entry };
      const base = resolvePlace(entry, place);
      if (typeof base === 'string') layers.problems.push({ ...at, expected: base });
      else await add(base, chain, (expected) => ({ ...at, expected }));
    }
    if (!validation.ok) return;
    layers.layers.push({ document: whole, value: validation.value });
    layers.names.push(document.file);
  }

  await add(first, [], (expected) => ofFile(fileNameOf(first), expected));
  return { ...layers, problems: withoutDuplicates(layers.problems) };
}

/** Returns a function that tells whether one more text fits into the limit of all files. */
function countBytes(): (text: string) => boolean {
  let used = 0;
  return (text) => {
    used += Buffer.byteLength(text);
    return used <= maxBytes;
  };
}

/** Removes duplicates: a file that is extended twice reports its mistakes once. */
function withoutDuplicates(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function ofFile(file: string, expected: string): Problem {
  return { file, line: 1, column: 1, path: [], found: undefined, expected };
}

/** Returns the entries of `extends`, also if the file has mistakes elsewhere. */
function extendsOf(value: unknown): { entry: string; path: (string | number)[] }[] {
  const given =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['extends'] : undefined;
  if (v.is(nonEmptyText, given)) return [{ entry: String(given), path: ['extends'] }];
  if (!Array.isArray(given)) return [];
  return given
    .map((entry: unknown, index) => ({ entry, path: ['extends', index] }))
    .filter(({ entry }) => v.is(nonEmptyText, entry))
    .map(({ entry, path }) => ({ entry: String(entry), path }));
}
