import { disk } from './disk.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import type { Asked, Kind, Severity } from './kind.ts';
import { packages } from './package.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';

/** All kinds, by what reports call them. */
const kinds = { system, disk, tool, package: packages, file, env };

/** The parts of the manifest. What asks for a disk lies in `system`. */
export const sections = {
  system: system.schema,
  tools: tool.schema,
  packages: packages.schema,
  files: file.schema,
  env: env.schema,
};

/** What a runner must have, and where the manifest says so. */
export interface Requirement extends Asked {
  kind: keyof typeof kinds;
  severity: Severity;
  line: number;
  column: number;
}

export function kindOf({ kind }: Pick<Requirement, 'kind'>): Kind {
  return kinds[kind];
}
