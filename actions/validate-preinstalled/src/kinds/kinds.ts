import type { AnyRequirement, Requirement } from '@runner-actions/manifest';
import { disk } from './disk.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import type { Kind } from './kind.ts';
import { libraries } from './library.ts';
import { packages } from './package.ts';
import { rust } from './rust.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';
import { toolcache } from './toolcache.ts';

/** All kinds, by their name in reports. */
const kinds: {
  [Name in AnyRequirement['kind']]: Kind<Extract<AnyRequirement, { kind: Name }>>;
} = { system, disk, tool, toolcache, rust, package: packages, library: libraries, file, env };

export function kindOf({ kind }: Pick<Requirement, 'kind'>): Kind {
  return kinds[kind] as Kind;
}
