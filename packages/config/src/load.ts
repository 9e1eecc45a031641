import { type Effective, environmentsOf, resolve } from './effective.ts';
import { type FilePlace, type Files, nameOf } from './files.ts';
import { readLayers } from './layers.ts';
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
  const { trees, names, problems, unknown, missing } = await readLayers(files, place);
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
  const loaded = await loadConfig(files, place);
  if (loaded.kind !== 'read') return asMistake(loaded, place);
  const wrong: Problem[] = [];
  for (const name of loaded.environments) {
    const other = asMistake(await loadConfig(files, place, { name, mayBeMissing: false }), place);
    if (other.kind === 'wrong') wrong.push(...other.problems);
  }
  return wrong.length === 0 ? loaded : { kind: 'wrong', problems: wrong };
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
