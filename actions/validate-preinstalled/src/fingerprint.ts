import { createHash } from 'node:crypto';
import { release } from 'node:os';
import { type Job, trustOf } from '@runner-actions/core';
import { hostCapacity } from '@runner-actions/host';
import type { Tally } from './report.ts';
import type { Finding, Requirement } from './requirement.ts';
import { dpkgStatus, trace, witnessOf } from './witness-io.ts';

export interface Fingerprint {
  /** Of the requirements and of the machine's state, before anything is checked. */
  digest: string;
  /** The requirements whose answer cannot have changed while the digest is the same. */
  witnessed: ReadonlySet<Requirement>;
}

/** Taken before the check: what changes while it runs then gives another fingerprint the next time, and is not missed. */
export async function takeFingerprint(requirements: readonly Requirement[], job: Job): Promise<Fingerprint> {
  const memo = new Map<string, Promise<string | undefined>>();
  const witness = (requirement: Requirement): Promise<string | undefined> => {
    // All packages have one database.
    const key = requirement.kind === 'package' ? 'package' : `${requirement.kind} ${requirement.name}`;
    const known = memo.get(key) ?? witnessOf(requirement, job);
    memo.set(key, known);
    return known;
  };
  const witnesses = await Promise.all(requirements.map(witness));
  const { cores, memory } = hostCapacity();
  const state = {
    format: 1,
    trusted: trustOf(job, []).trusted,
    machine: [process.platform, process.arch, release(), cores.value, memory.value],
    // A package may bring what a tool loads.
    system: await Promise.all(['/etc/os-release', dpkgStatus].map((path) => trace(path).catch(() => ''))),
    // Where tools find what they start and load.
    paths: [job.environment['PATH'], job.environment['LD_LIBRARY_PATH']],
    requirements: requirements.map((requirement, index) => [asked(requirement), witnesses[index] ?? null]),
  };
  return {
    digest: createHash('sha256').update(JSON.stringify(state)).digest('hex'),
    witnessed: new Set(requirements.filter((_, index) => witnesses[index] !== undefined)),
  };
}

/** What is asked, wherever in the manifest it stands. Variables are checked each time: their values have no place here. */
function asked(requirement: Requirement): unknown {
  if (requirement.kind === 'env') return [requirement.kind, requirement.name];
  return { ...requirement, line: undefined, column: undefined };
}

/** The output: how the check went, and on what. */
export function formatFingerprint(status: Tally['status'], digest: string): string {
  return `${status}-${digest}`;
}

/** Whether an earlier check holds here still, else why not. Only one that passed is worth anything. */
export function compareFingerprint(known: string, digest: string): 'same' | string {
  const [, status, earlier] = /^(pass|warn|fail|error)-([0-9a-f]{64})$/.exec(known) ?? [];
  if (status === undefined) return 'known-fingerprint is none';
  if (status !== 'pass') return 'the earlier check did not pass';
  return earlier === digest ? 'same' : 'this machine, or what is required, is not as it was then';
}

/** The answer for a requirement that was met, and whose witness is as it was. */
export function asBefore(requirement: Requirement): Finding {
  const wanted =
    requirement.kind === 'tool'
      ? requirement.range
      : ((requirement.kind === 'package' ? requirement.version : undefined) ?? 'present');
  return { status: 'pass', found: 'no change, as checked before', wanted };
}
