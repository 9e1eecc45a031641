import type { Document, Position } from '@runner-actions/config';
import type { Condition } from './condition.ts';
import type { Entry, Severity } from './requirement.ts';
import { type AnyRequirement, type ManifestFile, sectionNames } from './schema.ts';

/** What a requirement has beside its own fields: how it counts, where it applies, and its place. */
export interface Placed extends Position {
  severity: Severity;
  /** All of them must hold. */
  when: readonly Condition[];
  /** Milliseconds for its check; `undefined`: the default of its kind. */
  timeout: number | undefined;
  /** The value in the manifest. It may contain a secret. */
  written: unknown;
}
export type Requirement = AnyRequirement & Placed;

/** Something in a version file that is no requirement, with the reason. */
export interface Note extends Position {
  message: string;
}

/** A manifest with all files that it extends. */
export interface Manifest {
  name: string | undefined;
  /** JSON for `runs-on`; `undefined` if no file says what to use when a requirement is not met. */
  fallback: string | undefined;
  requirements: readonly Requirement[];
  /** The files that were read, base files first. */
  files: readonly string[];
  notes: readonly Note[];
}

/** A requirement of one file. `removed`: the file removes that of its base. */
export interface Stated {
  placed: Requirement;
  removed: boolean;
}

/** The requirements of one file, and what it says beside them. */
export interface Layer {
  file: string;
  head: Pick<ManifestFile, 'name' | 'on-failure'>;
  stated: readonly Stated[];
}

/**
 * Joins the files of a manifest. A requirement of a later file replaces those of earlier files with the same kind and
 * name, at their place in the order. `null` removes them.
 */
export function joinLayers(layers: readonly Layer[], notes: readonly Note[] = []): Manifest {
  const joined = new Map<string, Requirement[]>();
  for (const { stated } of layers) {
    const own = new Map<string, Requirement[]>();
    for (const { placed, removed } of stated) {
      const key = JSON.stringify([placed.kind, placed.name]);
      const same = own.get(key) ?? [];
      own.set(key, same);
      if (!removed) same.push(placed);
    }
    for (const [key, requirements] of own) joined.set(key, requirements);
  }
  const last = <T>(read: (head: Layer['head']) => T | undefined): T | undefined =>
    layers.map(({ head }) => read(head)).findLast((found) => found !== undefined);
  const runsOn = last((head) => head['on-failure']?.['runs-on']);
  return {
    name: last(({ name }) => name),
    fallback: runsOn === undefined ? undefined : JSON.stringify(runsOn),
    requirements: [...joined.values()].flat(),
    files: layers.map(({ file }) => file),
    notes,
  };
}

/** Returns the requirements of one file of the manifest, with their places. */
export function statedIn(document: Document, value: ManifestFile): Stated[] {
  const { severity = 'error', timeout } = value.defaults ?? {};
  return sectionNames
    .flatMap((name): readonly Entry<AnyRequirement>[] => value[name] ?? [])
    .map((entry) => ({
      removed: entry.removed,
      placed: {
        ...entry.requirement,
        severity: entry.severity ?? severity,
        when: [value.when, entry.when].filter((condition) => condition !== undefined),
        timeout: entry.timeout ?? timeout,
        written: valueAt(document.value, entry.at),
        ...document.positionOf(entry.at, 'key'),
      },
    }));
}

function valueAt(value: unknown, path: Entry['at']): unknown {
  return path.reduce((part, key) => (part as Record<string | number, unknown>)[key], value);
}
