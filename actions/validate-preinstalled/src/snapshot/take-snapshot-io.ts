import { release } from 'node:os';
import { hostCapacity } from '@runner-actions/host';
import { type LoadedManifest, loadManifest, type Manifest, withInline } from '@runner-actions/manifest';
import { checkAll } from '../check.ts';
import { killProbesOnSignal } from '../kill-probes-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { kindOf } from '../kinds/kinds.ts';
import { glibcVersion, muslVersion } from '../kinds/system.ts';
import { readOsRelease } from '../os-release-io.ts';
import { engineSection } from './engines-section-io.ts';
import { environmentSection } from './environment-section.ts';
import { rustSection, toolcacheSection } from './folders-section-io.ts';
import { gpuSection } from './gpu-section.ts';
import { packagesSection } from './packages-section-io.ts';
import { renderSections, type Section, snapshotNames } from './section.ts';
import { systemSection } from './system-section.ts';
import { toolsSection } from './tools-section-io.ts';
import { withoutLines } from './yaml.ts';

export interface SnapshotOptions {
  /** Whether all packages are listed, or only those that somebody chose, where the manager knows them. */
  packages: 'all' | 'chosen';
  /** How many probes run at a time. */
  concurrency: number;
}

export interface Snapshot {
  /** A manifest that this machine meets entirely. Two snapshots of a machine that did not change are equal. */
  text: string;
  manifest: Manifest;
  /** What is on the machine but not in the snapshot, and why. */
  notes: readonly string[];
}

/**
 * Describes the machine as a manifest: without times, host names and values of variables. What the machine would not
 * pass by a check now, such as a tool that does not answer, is left out and noted.
 */
export async function takeSnapshot(machine: Machine, options: SnapshotOptions): Promise<Snapshot> {
  const stop = killProbesOnSignal();
  const sections = await readSections(machine, options).finally(stop);
  const {
    text: first,
    manifest,
    notes: odd,
  } = await parse(renderSections(snapshotNames[options.packages], sections));
  const { concurrency } = options;
  const results = await checkAll(manifest.requirements, machine, { concurrency, known: new Set() });
  const unmet = results.filter(({ status }) => status !== 'pass');
  const notes = unmet.map(({ requirement: { kind, name }, found }) => `${kind} ${name}: ${found}`);
  const text = withoutLines(first, new Set(unmet.map(({ requirement }) => requirement.line)));
  return {
    text,
    manifest: unmet.length === 0 ? manifest : (await parse(text)).manifest,
    notes: [...sections.flatMap((section) => section.notes), ...odd, ...notes],
  };
}

async function readSections(machine: Machine, options: SnapshotOptions): Promise<Section[]> {
  const { facts, job } = machine;
  const [tools, toolcache, rust, packages, docker, podman, gpu] = await Promise.all([
    toolsSection(machine, options.concurrency),
    toolcacheSection(machine),
    rustSection(machine),
    packagesSection(machine, options.packages),
    engineSection('docker', machine),
    engineSection('podman', machine),
    gpuSection(async (requirement) => (await kindOf(requirement)).check(requirement, machine)),
  ]);
  const system = systemSection({
    ...{ os: facts.os, arch: facts.arch, release: readOsRelease(), kernel: release() },
    ...{ capacity: hostCapacity(), glibc: glibcVersion(), musl: await muslVersion(machine) },
  });
  return [system, tools, toolcache, rust, packages, docker, podman, gpu, environmentSection(job.environment)];
}

const path = 'snapshot';

/** Reads the text back. A line that is no valid requirement, such as one with an odd name of a package, is left out. */
async function parse(text: string): Promise<Snapshot> {
  const loaded = await load(text);
  if (loaded.kind === 'read') return { text, manifest: loaded.manifest, notes: [] };
  if (loaded.kind !== 'wrong') throw new Error(`The snapshot is no manifest: ${loaded.why}`);
  const lines = loaded.problems.map(({ line }) => line);
  const kept = withoutLines(text, new Set(lines));
  const again = await load(kept);
  const notes = lines.map((line) => `no requirement: ${text.split('\n')[line - 1]?.trim() ?? ''}`);
  if (again.kind !== 'read') throw new Error(`The snapshot is no manifest: ${notes.slice(0, 5).join('; ')}`);
  return { text: kept, manifest: again.manifest, notes };
}

function load(text: string): Promise<LoadedManifest> {
  const none = { read: () => Promise.resolve({ kind: 'missing', why: 'there are no other files' } as const) };
  const place = { repository: undefined, ref: undefined, path };
  return loadManifest(withInline(none, path, text), place);
}
