import * as v from 'valibot';
import { type Document, text } from '@runner-actions/config';
import { severity } from './kinds/kind.ts';
import { type Requirement, sections } from './kinds/kinds.ts';

/** The schema of the manifest, version 1. */
export const manifestSchema = v.strictObject({
  version: v.literal(1, '1, the version of the format'),
  name: v.optional(text),
  severity: v.optional(severity, 'error'),
  system: v.optional(sections.system, {}),
  tools: v.optional(sections.tools, {}),
  packages: v.optional(sections.packages, []),
  files: v.optional(sections.files, []),
  env: v.optional(sections.env, {}),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Returns the requirements of a manifest, each with its place in the file. */
export function requirementsOf(manifest: Manifest, document: Document): Requirement[] {
  const { system, tools, packages, files, env } = manifest;
  return [system, tools, packages, files, env].flat().map(({ requirement, at, severity }) => {
    const { line, column } = document.positionOf(at, 'key');
    return { ...requirement, severity: severity ?? manifest.severity, line, column };
  });
}
