import type { EngineRequirement } from '@runner-actions/manifest';
import { connect } from '../engines/connect-io.ts';
import { findAddress } from '../engines/engine-address-io.ts';
import { findPlugin } from '../engines/plugins-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { exactRange } from './exact-range.ts';
import type { Section } from './section.ts';
import { inline, type Value } from './yaml.ts';

/** Writes the engine that answers, if one does. Each engine is a section of one line. */
export async function engineSection(name: 'docker' | 'podman', machine: Machine): Promise<Section> {
  const spec = await readEngine(name, machine).catch(() => undefined);
  return { name, lines: spec === undefined ? [] : [inline(spec)], notes: [] };
}

async function readEngine(
  name: 'docker' | 'podman',
  machine: Machine,
): Promise<Record<string, Value> | undefined> {
  const requirement: EngineRequirement = { kind: 'engine', name, spec: {} };
  const address = await findAddress(requirement, machine);
  if ('unusable' in address) return undefined;
  const opened = await connect(requirement, address, machine);
  if ('status' in opened) return undefined;
  const { program, version, api, rootless } = await opened.about(machine.deadline);
  const isOwn = program === name;
  // A service of podman in Docker's place belongs to the section of Docker, but it has no version of Docker.
  if (!isOwn && name === 'podman') return undefined;
  return {
    ...range('version', isOwn ? version : undefined),
    ...range('api', api),
    rootless,
    ...(name === 'docker'
      ? { ...(await plugin('buildx', machine)), ...(await plugin('compose', machine)) }
      : {}),
  };
}

function range(key: string, version: string | undefined): Record<string, string> {
  const text = version === undefined ? undefined : exactRange(version, 'semver');
  return text === undefined ? {} : { [key]: text };
}

async function plugin(name: 'buildx' | 'compose', machine: Machine): Promise<Record<string, string>> {
  const found = await findPlugin(name, machine).catch(() => undefined);
  return found === undefined || 'broken' in found ? {} : range(name, found.version);
}
