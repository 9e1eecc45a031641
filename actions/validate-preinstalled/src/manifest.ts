import * as v from 'valibot';
import { type Document, textSchema } from '@runner-actions/config';
import { severity } from './kinds/kind.ts';
import { type Requirement, sections } from './kinds/kinds.ts';

/** The schema of the manifest, version 1. */
export const manifestSchema = v.strictObject({
  version: v.literal(1, '1, the version of the format'),
  name: v.optional(textSchema),
  severity: v.optional(severity, 'error'),
  ...sections,
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Returns the requirements of a manifest, each with its place in the file. */
export function requirementsOf(manifest: Manifest, document: Document): Requirement[] {
  const names = Object.keys(sections) as (keyof typeof sections)[];
  const entries = names.map((name) => manifest[name]).flat();
  return entries.map(({ requirement, at, severity }) => {
    const { line, column } = document.positionOf(at, 'key');
    return { ...requirement, severity: severity ?? manifest.severity, line, column };
  });
}
