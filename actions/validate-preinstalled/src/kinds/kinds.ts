import type { AnyRequirement, Requirement } from '@runner-actions/manifest';
import { disk } from './disk.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import { gpu } from './gpu.ts';
import type { Kind } from './kind.ts';
import { libraries } from './library.ts';
import { oci } from './oci.ts';
import { packages } from './package.ts';
import { rust } from './rust.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';
import { toolcache } from './toolcache.ts';

/** All kinds, by their name in reports. */
const kinds: {
  [Name in AnyRequirement['kind']]: Kind<Extract<AnyRequirement, { kind: Name }>>;
} = { disk, env, file, gpu, library: libraries, oci, package: packages, rust, system, tool, toolcache };

export function kindOf({ kind }: Pick<Requirement, 'kind'>): Kind {
  return kinds[kind] as Kind;
}
