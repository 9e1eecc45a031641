import type { Document } from '@runner-actions/config';
import type { Condition } from './condition.ts';
import type { Entry, Severity } from './requirement.ts';
import { type AnyRequirement, type ManifestFile, sectionNames } from './schema.ts';

/** What a requirement has beside its own fields: how it counts, where it applies, and its place. */
export interface Placed {
  severity: Severity;
  /** All of them must hold. */
  when: readonly Condition[];
  /** Milliseconds for its check; `undefined`: the default of its kind. */
  timeout: number | undefined;
  /** The value in the manifest. It may contain a secret. */
  written: unknown;
  file: string;
  line: number;
  column: number;
}
export type Requirement = AnyRequirement & Placed;

/** A manifest with all files that it extends. */
export interface Manifest {
  name: string | undefined;
  /** JSON for `runs-on`; `undefined` if no file says what to use when a requirement is not met. */
  fallback: string | undefined;
  requirements: readonly Requirement[];
  /** The files that were read, base files first. */
  files: readonly string[];
}

interface Layer {
  document: Document;
  value: ManifestFile;
}

/**
 * Joins the files of a manifest. A requirement of a later file replaces those of earlier files with the same kind and
 * name, at their place in the order. `null` removes them.
 */
export function joinLayers(layers: readonly Layer[]): Manifest {
  const joined = new Map<string, Requirement[]>();
  for (const layer of layers) {
    const own = new Map<string, Requirement[]>();
    for (const { entry, placed } of entriesOf(layer)) {
      const key = JSON.stringify([placed.kind, placed.name]);
      const same = own.get(key) ?? [];
      own.set(key, entry.removed ? same : [...same, placed]);
    }
    for (const [key, requirements] of own) joined.set(key, requirements);
  }
  const last = <T>(read: (value: ManifestFile) => T | undefined): T | undefined =>
    layers.map(({ value }) => read(value)).findLast((found) => found !== undefined);
  const runsOn = last((value) => value['on-failure']?.['runs-on']);
  return {
    name: last(({ name }) => name),
    fallback: runsOn === undefined ? undefined : JSON.stringify(runsOn),
    requirements: [...joined.values()].flat(),
    files: layers.map(({ document }) => document.file),
  };
}

function entriesOf({ document, value }: Layer): { entry: Entry; placed: Requirement }[] {
  const { severity = 'error', timeout } = value.defaults ?? {};
  return sectionNames
    .flatMap((name): readonly Entry<AnyRequirement>[] => value[name] ?? [])
    .map((entry) => {
      const placed = {
        ...entry.requirement,
        severity: entry.severity ?? severity,
        when: [value.when, entry.when].filter((condition) => condition !== undefined),
        timeout: entry.timeout ?? timeout,
        written: valueAt(document.value, entry.at),
        ...document.positionOf(entry.at, 'key'),
      };
      return { entry, placed };
    });
}

function valueAt(value: unknown, path: Entry['at']): unknown {
  return path.reduce((part, key) => (part as Record<string | number, unknown>)[key], value);
}
