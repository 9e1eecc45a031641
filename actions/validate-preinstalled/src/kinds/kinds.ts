import * as v from 'valibot';
import { disk } from './disk.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import type { BaseRequirement, Kind, Severity } from './kind.ts';
import { packages } from './package.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';

/** All kinds, by their name in reports. */
const kinds = { system, disk, tool, package: packages, file, env };

/** The sections of the manifest. Disks are part of `system`. */
export const sections = {
  system: v.optional(system.schema, {}),
  tools: v.optional(tool.schema, {}),
  packages: v.optional(packages.schema, []),
  files: v.optional(file.schema, []),
  env: v.optional(env.schema, {}),
};

/** A requirement with its severity and its place in the manifest. */
export interface Requirement extends BaseRequirement {
  kind: keyof typeof kinds;
  severity: Severity;
  line: number;
  column: number;
}

export function kindOf({ kind }: Pick<Requirement, 'kind'>): Kind {
  return kinds[kind];
}
