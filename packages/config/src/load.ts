import { type Effective, environmentsOf, resolve } from './effective.ts';
import { type FilePlace, type Files, nameOf } from './files.ts';
import { type Layers, readLayers } from './layers.ts';
import type { Problem } from './problem.ts';

/** `none`: there is no file. `wrong`: the user's mistakes, all of them. `unknown`: a file could not be fetched. */
export type Loaded =
  | ({ kind: 'read'; names: string[]; environments: string[] } & Effective)
  | { kind: 'none'; why: string }
  | { kind: 'wrong'; problems: readonly Problem[] }
  | { kind: 'unknown'; why: readonly string[] };

/** Which override to apply. One that the machine's variable names may be missing, since a machine serves many repositories. */
export interface Environment {
  name: string;
  mayBeMissing: boolean;
}

/** Reads the configuration at `place` with all that it extends. Nothing is kept: each call reads anew. */
export async function loadConfig(files: Files, place: FilePlace, environment?: Environment): Promise<Loaded> {
  return load(await readLayers(files, place), place, environment);
}

function load(layers: Layers, place: FilePlace, environment?: Environment): Loaded {
  const { trees, names, problems, unknown, missing } = layers;
  if (problems.length > 0) return { kind: 'wrong', problems };
  if (unknown.length > 0) return { kind: 'unknown', why: unknown };
  if (missing !== undefined) return { kind: 'none', why: `${nameOf(place)}: ${missing}` };
  const environments = environmentsOf(trees);
  const ignored = environment?.mayBeMissing === true && !environments.includes(environment.name);
  const resolution = resolve(trees, ignored ? undefined : environment?.name);
  if (!resolution.ok) return { kind: 'wrong', problems: resolution.problems };
  return { kind: 'read', names, environments, ...resolution.effective };
}

/** As a person checks it before pushing: with every environment, and with the unreachable as a mistake. */
export async function checkConfig(files: Files, place: FilePlace): Promise<Loaded> {
  const layers = await readLayers(files, place);
  const loaded = asMistake(load(layers, place), place);
  if (layers.trees.length === 0 || layers.problems.length + layers.unknown.length > 0) return loaded;
  const own = loaded.kind === 'wrong' ? loaded.problems : [];
  const known = new Set(own.map((problem) => JSON.stringify(problem)));
  const more = new Map<string, { problem: Problem; environments: string[] }>();
  for (const name of environmentsOf(layers.trees)) {
    const other = load(layers, place, { name, mayBeMissing: false });
    for (const problem of other.kind === 'wrong' ? other.problems : []) {
      const key = JSON.stringify(problem);
      const { environments } = more.get(key) ?? { environments: [] };
      if (!known.has(key)) more.set(key, { problem, environments: [...environments, name] });
    }
  }
  const others = [...more.values()].map(({ problem, environments }) => ({
    ...problem,
    expected: `${problem.expected} (environment ${environments.join(', ')})`,
  }));
  return own.length + others.length === 0 ? loaded : { kind: 'wrong', problems: [...own, ...others] };
}

function asMistake(loaded: Loaded, place: FilePlace): Loaded {
  if (loaded.kind === 'read' || loaded.kind === 'wrong') return loaded;
  const at = { file: nameOf(place), line: 1, column: 1, path: [], found: undefined };
  const all = loaded.kind === 'none' ? [loaded.why] : loaded.why;
  return {
    kind: 'wrong',
    problems: all.map((why) => ({ ...at, expected: `a file that can be read (${why})` })),
  };
}
