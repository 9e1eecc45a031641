import type { AnyRequirement, Requirement } from '@runner-actions/manifest';
import { disk } from './disk.ts';
import { env } from './env.ts';
import { file } from './file.ts';
import type { Kind } from './kind.ts';
import { system } from './system.ts';
import { tool } from './tool.ts';

type Kinds = { [Name in AnyRequirement['kind']]: Kind<Extract<AnyRequirement, { kind: Name }>> };
type Loaders = { [Name in keyof Kinds]: () => Kinds[Name] | Promise<Kinds[Name]> };

/** All kinds, by their name in reports. Those that few manifests use are loaded when one does. */
const kinds: Loaders = {
  ...{ system: () => system, disk: () => disk, tool: () => tool, file: () => file, env: () => env },
  package: async () => (await import('./package.ts')).packages,
  library: async () => (await import('./library.ts')).libraries,
  toolcache: async () => (await import('./toolcache.ts')).toolcache,
  rust: async () => (await import('./rust.ts')).rust,
  membership: async () => (await import('./account.ts')).membership,
  user: async () => (await import('./account.ts')).user,
  group: async () => (await import('./account.ts')).group,
  service: async () => (await import('./service.ts')).service,
  port: async () => (await import('./port.ts')).port,
  parameter: async () => (await import('./kernel.ts')).parameter,
  module: async () => (await import('./kernel.ts')).module,
  limit: async () => (await import('./kernel.ts')).limit,
  mount: async () => (await import('./mount.ts')).mount,
  engine: async () => (await import('./engine.ts')).engine,
  gpu: async () => (await import('./gpu.ts')).gpu,
  oci: async () => (await import('./oci.ts')).oci,
  feature: async () => (await import('./feature.ts')).feature,
};

/** Returns how to check a requirement. */
export async function kindOf({ kind }: Pick<Requirement, 'kind'>): Promise<Kind> {
  return (await kinds[kind]()) as Kind;
}
