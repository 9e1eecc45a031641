import { type FilePlace, type Files, type Problem, readLayers } from '@runner-actions/config';
import { joinLayers, type Manifest } from './manifest.ts';
import { manifestSchema } from './schema.ts';

/**
 * `wrong`: the files have mistakes; `problems` lists all of them. `missing`: the first file does not exist. `unknown`: a
 * file could not be fetched.
 */
export type LoadedManifest =
  | { kind: 'read'; manifest: Manifest }
  | { kind: 'wrong'; problems: readonly Problem[] }
  | { kind: 'missing' | 'unknown'; why: string };

/** Reads a manifest and all files that it extends, and joins them. */
export async function loadManifest(files: Files, place: FilePlace): Promise<LoadedManifest> {
  const { layers, problems, unknown, missing } = await readLayers(files, place, manifestSchema);
  if (problems.length > 0) return { kind: 'wrong', problems };
  if (unknown.length > 0)
    return { kind: 'unknown', why: [...new Set(unknown.map(({ why }) => why))].join('; ') };
  if (missing !== undefined) return { kind: 'missing', why: missing.why };
  return { kind: 'read', manifest: joinLayers(layers) };
}

/** Returns files in which `text` is the file at `path`. */
export function withInline(files: Files, path: string, text: string): Files {
  const isInline = (place: FilePlace): boolean => place.repository === undefined && place.path === path;
  return { read: (place) => (isInline(place) ? Promise.resolve({ kind: 'text', text }) : files.read(place)) };
}
