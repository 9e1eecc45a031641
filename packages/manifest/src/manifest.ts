import type { Document, Position, Problem } from '@runner-actions/config';
import type { Condition } from './condition.ts';
import { emptyEntry, emptySection, type WholeSection } from './empty.ts';
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
  /** Path of keys from the root of the file. It begins with the section. */
  at: Entry['at'];
}

/** A section that is `null`: the file removes all that its bases require there. */
export interface RemovedSection extends Position {
  section: WholeSection;
}

/** The requirements of one file, and what it says beside them. */
export interface Layer {
  file: string;
  head: Pick<ManifestFile, 'name' | 'on-failure'>;
  stated: readonly Stated[];
  removedSections: readonly RemovedSection[];
}

/** The requirements with the same kind and name, and the section that states them. */
interface Group {
  section: string;
  requirements: Requirement[];
}

/**
 * Joins the files of a manifest. A requirement of a later file replaces those of earlier files with the same kind and
 * name, at their place in the order. `null` removes them.
 * @returns `problems` has each `null` that can remove nothing
 */
export function joinLayers(
  layers: readonly Layer[],
  notes: readonly Note[] = [],
): { manifest: Manifest; problems: Problem[] } {
  const joined = new Map<string, Group>();
  const said = layers.map((layer) => addLayer(joined, layer));
  const last = <T>(read: (head: Layer['head']) => T | undefined): T | undefined =>
    layers.map(({ head }) => read(head)).findLast((found) => found !== undefined);
  const runsOn = last((head) => head['on-failure']?.['runs-on']);
  const manifest = {
    name: last(({ name }) => name),
    fallback: runsOn === undefined ? undefined : JSON.stringify(runsOn),
    requirements: [...joined.values()].flatMap(({ requirements }) => requirements),
    files: layers.map(({ file }) => file),
    notes: withoutDuplicates([...notes, ...said.flatMap((one) => one.notes)]),
  };
  return { manifest, problems: withoutDuplicates(said.flatMap(({ problems }) => problems)) };
}

interface Said {
  problems: Problem[];
  notes: Note[];
}

/** A base may stop to state what this file removes, so that is a mistake only in a file without a base. */
function addLayer(joined: Map<string, Group>, { stated, removedSections }: Layer): Said {
  const said: Said = { problems: [], notes: [] };
  const hasBase = joined.size > 0;
  const nothing = (problem: Problem): unknown =>
    hasBase ? said.notes.push(nothingRemoved(problem)) : said.problems.push(problem);
  for (const { section, ...place } of removedSections) {
    const groups = [...joined.values()].filter((group) => group.section === section);
    const count = groups.reduce((sum, { requirements }) => sum + requirements.length, 0);
    if (count === 0) nothing(emptySection(section, place));
    else said.notes.push({ ...place, message: `null removes what other files require in '${section}'.` });
    for (const group of groups) group.requirements = [];
  }
  const own = new Map<string, Group>();
  for (const { placed, removed, at } of stated) {
    const key = JSON.stringify([placed.kind, placed.name]);
    const group = own.get(key) ?? { section: String(at[0]), requirements: [] };
    own.set(key, group);
    if (!removed) group.requirements.push(placed);
    else if ((joined.get(key)?.requirements ?? []).length === 0) nothing(emptyEntry(placed, at));
  }
  for (const [key, group] of own) joined.set(key, group);
  said.problems.sort((one, other) => one.line - other.line || one.column - other.column);
  return said;
}

function nothingRemoved({ file, line, column }: Problem): Note {
  const message = 'null removes nothing here: no file that this one extends requires it.';
  return { file, line, column, message };
}

/** Removes what is said twice of a file that two others extend. */
export function withoutDuplicates<T extends Position>(said: readonly T[]): T[] {
  return [...new Map(said.map((one) => [JSON.stringify(one), one])).values()];
}

/** Returns the requirements of one file of the manifest, with their places. */
export function statedIn(document: Document, value: ManifestFile): Stated[] {
  const { severity = 'error', timeout } = value.defaults ?? {};
  return sectionNames
    .flatMap((name): readonly Entry<AnyRequirement>[] => value[name] ?? [])
    .map((entry) => ({
      removed: entry.removed,
      at: entry.at,
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
