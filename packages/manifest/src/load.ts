import {
  clip,
  firstProblems,
  type Document,
  type FilePlace,
  type Files,
  type Layers,
  normalize,
  type Problem,
  readLayers,
} from '@runner-actions/config';
import { emptySections, removedSections } from './empty.ts';
import { featureProblems } from './features/problems.ts';
import { excesses } from './limits.ts';
import { joinLayers, type Layer, type Manifest, type Note, statedIn, withoutDuplicates } from './manifest.ts';
import { type ManifestFile, manifestSchema } from './schema.ts';

/**
 * `wrong`: the files have mistakes; `problems` lists the first 20 of them, and how many there are. `missing`: the first
 * file does not exist. `unknown`: a file could not be fetched.
 */
export type LoadedManifest =
  | { kind: 'read'; manifest: Manifest }
  | { kind: 'wrong'; problems: readonly Problem[] }
  | { kind: 'missing' | 'unknown'; why: string };

/**
 * Reads a manifest, all files that it extends and the version files that it names, and joins them.
 * @param files those of the checkout, and of other repositories
 */
export async function loadManifest(files: Files, place: FilePlace): Promise<LoadedManifest> {
  const read = await readLayers(files, place, manifestSchema);
  const { unknown, missing } = read;
  const { layers, notes, problems } = await withVersionFiles(files, read);
  if (problems.length > 0) return { kind: 'wrong', problems: firstProblems(problems) };
  if (unknown.length > 0)
    return { kind: 'unknown', why: [...new Set(unknown.map(({ why }) => why))].join('; ') };
  if (missing !== undefined) return { kind: 'missing', why: missing.why };
  const { manifest, problems: removals } = joinLayers(layers, withoutDuplicates(notes));
  const { requirements } = manifest;
  const whole = [...removals, ...excesses(requirements)];
  const wrong = whole.length > 0 ? whole : featureProblems(requirements);
  return wrong.length > 0 ? { kind: 'wrong', problems: firstProblems(wrong) } : { kind: 'read', manifest };
}

/** Adds a layer for each version file, below that of the manifest that names it. */
async function withVersionFiles(files: Files, read: Layers<ManifestFile>) {
  const [layers, notes, problems]: [Layer[], Note[], Problem[]] = [[], [], [...read.problems]];
  for (const { document, value } of read.layers) {
    for (const { name, path } of namesOf(value)) {
      const { layerOf } = await import('./from-layer.ts');
      const found = await readVersions(files, name);
      if ('expected' in found) {
        const at = found.position ?? document.positionOf(path, 'value');
        problems.push({
          ...at,
          path: found.position === undefined ? path : [],
          found: undefined,
          expected: found.expected,
        });
        continue;
      }
      const made = layerOf(name, found.read, { defaults: value.defaults, when: value.when });
      layers.push(made.layer);
      notes.push(...made.notes);
    }
    layers.push(layerFrom(document, value));
    notes.push(...emptySections(document, value));
  }
  return { layers, notes, problems };
}

function layerFrom(document: Document, value: ManifestFile): Layer {
  const head = { name: value.name, 'on-failure': value['on-failure'] };
  const stated = statedIn(document, value);
  return { file: document.file, head, stated, removedSections: removedSections(document, value) };
}

function namesOf({ from = [] }: ManifestFile): { name: string; path: (string | number)[] }[] {
  if (typeof from === 'string') return [{ name: from, path: ['from'] }];
  return from.map((name, index) => ({ name, path: ['from', index] }));
}

/** Reads a version file of the checkout. Its name is relative to the root of the checkout, where tools look for it. */
async function readVersions(files: Files, name: string) {
  const { readVersionFile, versionFiles } = await import('./from/index.ts');
  const path = name.startsWith('/') ? undefined : normalize(name, '');
  if (path === undefined) return { expected: 'a path inside the repository' };
  const fetched = await files.read({ repository: undefined, ref: undefined, path });
  if (fetched.kind === 'wrong') return { expected: fetched.expected };
  if (fetched.kind !== 'text') return { expected: `a file that can be read (${clip(path)}: ${fetched.why})` };
  const read = readVersionFile(path, fetched.text);
  if (read === undefined) {
    const known = versionFiles.flatMap(({ names }) => names);
    return { expected: `the name of a file that can be read: ${known.join(', ')}` };
  }
  const { problem } = read;
  if (problem === undefined) return { read };
  const { line, column, expected } = problem;
  return { expected, position: { file: path, line, column } };
}

/** Returns files in which `text` is the file at `path`. */
export function withInline(files: Files, path: string, text: string): Files {
  const isInline = (place: FilePlace): boolean => place.repository === undefined && place.path === path;
  return {
    read: (place) => (isInline(place) ? Promise.resolve({ kind: 'text', text }) : files.read(place)),
  };
}
