import { disk } from './disk.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import type { BaseRequirement, Kind, Severity } from './kind.ts';
import { packages } from './package.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';

/** All kinds, by their name in reports. */
const kinds = { system, disk, tool, package: packages, file, env };

/** The schemas of the manifest's sections. Disks are part of `system`. */
export const sections = {
  system: system.schema,
  tools: tool.schema,
  packages: packages.schema,
  files: file.schema,
  env: env.schema,
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
