import type { Effective } from './effective-config.ts';
import { type FilePlace, type Files, nameOf } from './files.ts';
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

/**
 * Reads the configuration at `place` with all that it extends. Nothing is kept: each call reads anew. What understands such a file is
 * loaded only where there is one.
 */
export async function loadConfig(files: Files, place: FilePlace, environment?: Environment): Promise<Loaded> {
  const first = await files.read(place);
  if (first.kind === 'missing') return { kind: 'none', why: `${nameOf(place)}: ${first.why}` };
  if (first.kind === 'unknown') return { kind: 'unknown', why: [`${nameOf(place)}: ${first.why}`] };
  const { resolveConfig } = await import('./resolve-config.ts');
  const read: Files['read'] = async (other) => (other === place ? first : files.read(other));
  return resolveConfig({ read }, place, environment);
}

/** As a person checks it before pushing: with every environment, and with the unreachable as a mistake. */
export async function checkConfig(files: Files, place: FilePlace): Promise<Loaded> {
  const { checkWhole } = await import('./resolve-config.ts');
  return checkWhole(files, place);
}
