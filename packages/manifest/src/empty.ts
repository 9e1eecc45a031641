// What a file says with nothing: an entry or a section that is `null`, or a section without entries.
import { clip, type Document, type Position, type Problem } from '@runner-actions/config';
import { ownValue } from '@runner-actions/core';
import type { Note, RemovedSection, Requirement } from './manifest.ts';
import type { Entry } from './requirement.ts';
import { type ManifestFile, sectionNames } from './schema.ts';

/** Sections that are one thing, with what to write instead of nothing. `null` removes all that a base requires there. */
const wholeSections = {
  ...{ system: '{ os: linux }', rust: '[{ toolchain: stable }]', user: '{ groups: docker }' },
  ...{ kernel: '{ modules: [overlay] }', docker: '{}', podman: '{}', gpu: '{}', oci: '{}' },
} as const satisfies Partial<Record<keyof ManifestFile, string>>;
export type WholeSection = keyof typeof wholeSections;

/** What to write instead of nothing in sections that are a map of names. */
const entryForms: Readonly<Record<string, string>> = {
  ...{ tools: 'a range such as latest', features: 'a range such as latest' },
  ...{ toolcache: 'a range such as 22', env: 'a map such as { set: true }' },
  ...{ users: '{}, or a map of keys', groups: '{}, or a map of keys', services: '{}, or a map of keys' },
};

const removes = 'null removes a requirement of a file that this one extends, and there is none';

/** Returns the mistake in an entry that is `null` where no base has it. */
export function emptyEntry({ name, file, line, column }: Requirement, at: Entry['at']): Problem {
  const form = ownValue(entryForms, String(at[0])) ?? 'a map';
  const expected = `${form}. ${removes} named ${clip(name)}`;
  return { file, line, column, path: at, found: 'nothing', expected };
}

/** Returns the mistake in a section that is `null` where no base has it. */
export function emptySection(section: WholeSection, place: Position): Problem {
  const expected = `a value such as \`${section}: ${wholeSections[section]}\`. ${removes} in '${section}'`;
  return { ...place, path: [section], found: 'nothing', expected };
}

/** Returns the sections of a file that are `null`, and so remove those of its bases. */
export function removedSections(document: Document, value: ManifestFile): RemovedSection[] {
  return (Object.keys(wholeSections) as WholeSection[])
    .filter((section) => value[section] === null)
    .map((section) => ({ section, ...document.positionOf([section], 'key') }));
}

/** Returns a note for each other section that states nothing. Its author may believe that it does. */
export function emptySections(document: Document, value: ManifestFile): Note[] {
  return sectionNames
    .filter((name) => value[name] !== undefined && (value[name] ?? []).length === 0)
    .filter((name) => value[name] !== null || !Object.hasOwn(wholeSections, name))
    .map((name) => ({
      ...document.positionOf([name], 'key'),
      message: 'This section is empty: it requires nothing.',
    }));
}
