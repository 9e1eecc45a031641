import { createHash, randomUUID } from 'node:crypto';
import { release } from 'node:os';
import { trustOf } from '@runner-actions/core';
import { hostCapacity } from '@runner-actions/host';
import { dpkgStatus, ifThere, trace } from './files-io.ts';
import type { Finding, Machine } from './kinds/kind.ts';
import { kindOf, type Requirement } from './kinds/kinds.ts';
import { outcomes, type Tally } from './verdict.ts';

export interface Fingerprint {
  /** Of the requirements and of the machine's state, before anything is checked. */
  digest: string;
  /** The requirements whose answer cannot have changed while the digest is the same. */
  witnessed: ReadonlySet<Requirement>;
}

/** Taken before the check: what changes while it runs then gives another fingerprint the next time, and is not missed. */
export async function takeFingerprint(
  requirements: readonly Requirement[],
  machine: Machine,
): Promise<Fingerprint> {
  const { job } = machine;
  const witnesses = await Promise.all(requirements.map((requirement) => witnessOf(requirement, machine)));
  const { cores, memory } = hostCapacity();
  const state = {
    format: 1,
    trusted: trustOf(job, []).trusted,
    machine: [process.platform, process.arch, release(), cores.value, memory.value],
    // A package may bring what a tool loads.
    system: await Promise.all(['/etc/os-release', dpkgStatus].map(traceSystem)),
    // Where tools find what they start and load.
    paths: [job.environment['PATH'], job.environment['LD_LIBRARY_PATH']],
    requirements: requirements.map((requirement, index) => [asked(requirement), witnesses[index] ?? null]),
  };
  return {
    digest: createHash('sha256').update(JSON.stringify(state)).digest('hex'),
    witnessed: new Set(requirements.filter((_, index) => witnesses[index] !== undefined)),
  };
}

/** What is gone, or not to be read, has none: the check itself says so better. */
async function witnessOf(requirement: Requirement, machine: Machine): Promise<string | undefined> {
  try {
    return await kindOf(requirement).witness?.(requirement, machine);
  } catch {
    return undefined;
  }
}

/** What cannot be looked at is as it was at no time. */
async function traceSystem(path: string): Promise<string> {
  try {
    return (await ifThere(trace(path))) ?? '';
  } catch {
    return randomUUID();
  }
}

/** What is asked, wherever in the manifest it stands. What may not all be told has no place here but for its name. */
function asked(requirement: Requirement): unknown {
  const { kind, name } = requirement;
  return kindOf(requirement).told === undefined
    ? { ...requirement, line: undefined, column: undefined }
    : [kind, name];
}

/** The output: how the check went, and on what. */
export function formatFingerprint(status: Tally['status'], digest: string): string {
  return `${status}-${digest}`;
}

/** Whether an earlier check holds here still, else why not. Only one that passed is worth anything. */
export function compareFingerprint(known: string, digest: string): 'same' | string {
  const [, status, earlier] = /^([a-z]+)-([0-9a-f]{64})$/.exec(known) ?? [];
  if (!outcomes.some((outcome) => outcome === status)) return 'known-fingerprint is none';
  if (status !== 'pass') return 'the earlier check did not pass';
  return earlier === digest ? 'same' : 'this machine, or what is required, is not as it was then';
}

/** The answer for a requirement that was met, and whose witness is as it was. */
export function asBefore(requirement: Requirement): Finding {
  const wanted = kindOf(requirement).wanted?.(requirement) ?? 'present';
  return { status: 'pass', found: 'no change, as checked before', wanted };
}
