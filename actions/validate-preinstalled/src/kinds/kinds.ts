import type { AnyRequirement, Requirement } from '@runner-actions/manifest';
import { group, membership, user } from './account.ts';
import { disk } from './disk.ts';
import { engine } from './engine.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import { gpu } from './gpu.ts';
import type { Kind } from './kind.ts';
import { libraries } from './library.ts';
import { oci } from './oci.ts';
import { packages } from './package.ts';
import { rust } from './rust.ts';
import { limit, module, parameter } from './kernel.ts';
import { mount } from './mount.ts';
import { port } from './port.ts';
import { service } from './service.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';
import { toolcache } from './toolcache.ts';

/** All kinds, by their name in reports. */
const kinds: {
  [Name in AnyRequirement['kind']]: Kind<Extract<AnyRequirement, { kind: Name }>>;
} = {
  ...{ system, disk, tool, toolcache, rust, package: packages, library: libraries, file, env },
  ...{ membership, user, group, service, port, parameter, module, limit, mount, engine, gpu, oci },
};

export function kindOf({ kind }: Pick<Requirement, 'kind'>): Kind {
  return kinds[kind] as Kind;
}
