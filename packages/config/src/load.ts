import type { EffectiveConfig } from './effective-config.ts';
import { type FilePlace, type Files, fileNameOf } from './files.ts';
import type { Problem } from './problem.ts';

/**
 * `none`: the file does not exist. `wrong`: the files have mistakes; `problems` lists all of them. `unknown`: a fetch
 * failed.
 */
export type Loaded =
  | ({ kind: 'read'; names: string[]; environments: string[] } & EffectiveConfig)
  | { kind: 'none'; why: string }
  | { kind: 'wrong'; problems: readonly Problem[] }
  | { kind: 'unknown'; why: readonly string[] };

/**
 * The environment to apply. One that a variable of the machine names may be missing, because a machine serves many
 * repositories.
 */
export interface Environment {
  name: string;
  mayBeMissing: boolean;
}

/**
 * Reads the configuration at `place` with all files that it extends. Nothing is cached. The modules that parse a
 * configuration are loaded only if the file exists.
 */
export async function loadConfig(files: Files, place: FilePlace, environment?: Environment): Promise<Loaded> {
  const first = await files.read(place);
  if (first.kind === 'missing') return { kind: 'none', why: `${fileNameOf(place)}: ${first.why}` };
  if (first.kind === 'unknown') return { kind: 'unknown', why: [`${fileNameOf(place)}: ${first.why}`] };
  const { resolveConfig } = await import('./resolve-config.ts');
  const read: Files['read'] = async (other) => (other === place ? first : files.read(other));
  return resolveConfig({ read }, place, environment);
}

/**
 * Checks a configuration before it is pushed: with every environment. A file that cannot be fetched counts as a
 * mistake.
 */
export async function checkConfig(files: Files, place: FilePlace): Promise<Loaded> {
  const { checkWithEnvironments } = await import('./resolve-config.ts');
  return checkWithEnvironments(files, place);
}
