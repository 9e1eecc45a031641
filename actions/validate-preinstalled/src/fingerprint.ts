import { createHash, randomUUID } from 'node:crypto';
import { release } from 'node:os';
import { trustOf } from '@runner-actions/core';
import { hostCapacity } from '@runner-actions/host';
import { dpkgStatus, undefinedIfMissing, fileIdentity } from './file-identity-io.ts';
import type { Finding, Machine } from './kinds/kind.ts';
import type { Requirement } from '@runner-actions/manifest';
import { kindOf } from './kinds/kinds.ts';
import { outcomes, type Tally } from './results.ts';

export interface Fingerprint {
  /** Digest of the requirements and of the machine's state before the check. */
  digest: string;
  /** The requirements whose result cannot have changed as long as the digest is the same. */
  skippable: ReadonlySet<Requirement>;
}

/**
 * Computes the fingerprint. Call it before the check, so that a change during the check changes the next fingerprint.
 */
export async function computeFingerprint(
  requirements: readonly Requirement[],
  machine: Machine,
): Promise<Fingerprint> {
  const { job } = machine;
  const stateKeys = await stateKeysOf(requirements, machine);
  const { cores, memory } = hostCapacity();
  const state = {
    format: 1,
    trusted: trustOf(job, []).trusted,
    machine: [process.platform, process.arch, release(), cores.value, memory.value],
    // A package may contain files that a tool loads.
    system: await Promise.all(['/etc/os-release', dpkgStatus].map(systemFileIdentity)),
    // Tools use these variables to find programs and libraries.
    paths: [job.environment['PATH'], job.environment['LD_LIBRARY_PATH']],
    requirements: await Promise.all(
      requirements.map(async (requirement, index) => [
        await digestInput(requirement),
        stateKeys[index] ?? null,
      ]),
    ),
  };
  return {
    digest: createHash('sha256').update(JSON.stringify(state)).digest('hex'),
    skippable: new Set(requirements.filter((_, index) => stateKeys[index] !== undefined)),
  };
}

/** Requirements whose state keys are read at a time. */
const atOnce = 500;

/** Returns the state key of each requirement. Those for which half of the time does not suffice have none. */
async function stateKeysOf(
  requirements: readonly Requirement[],
  machine: Machine,
): Promise<(string | undefined)[]> {
  const { deadline } = machine;
  const forCheck = deadline.remaining() / 2;
  const keys: (string | undefined)[] = [];
  for (let at = 0; at < requirements.length && deadline.remaining() > forCheck; at += atOnce) {
    const some = requirements.slice(at, at + atOnce);
    keys.push(...(await Promise.all(some.map((requirement) => stateKeyOf(requirement, machine)))));
  }
  return keys;
}

/**
 * Returns the state key of a requirement; `undefined` if reading it fails, since the check reports the cause better.
 */
async function stateKeyOf(requirement: Requirement, machine: Machine): Promise<string | undefined> {
  try {
    return await (await kindOf(requirement)).stateKey?.(requirement, machine);
  } catch {
    return undefined;
  }
}

/** Returns the identity of a system file. If the file cannot be read, the result is random and never matches. */
async function systemFileIdentity(path: string): Promise<string> {
  try {
    return (await undefinedIfMissing(fileIdentity(path))) ?? '';
  } catch {
    return randomUUID();
  }
}

/**
 * Returns the part of a requirement that goes into the digest: what the manifest says. If that may hold a secret, only
 * its kind and name.
 */
async function digestInput(requirement: Requirement): Promise<unknown> {
  const { kind, name, written } = requirement;
  return (await kindOf(requirement)).mayHoldSecrets === true ? [kind, name] : [kind, name, written];
}

/** Formats the output `fingerprint`: the status of the check and the digest. */
export function formatFingerprint(status: Tally['status'], digest: string): string {
  return `${status}-${digest}`;
}

/** Returns `same` if the earlier check passed in the same state; otherwise why it cannot be reused. */
export function compareFingerprint(known: string, digest: string): 'same' | string {
  const [, status, earlier] = /^([a-z]+)-([0-9a-f]{64})$/.exec(known) ?? [];
  if (!outcomes.some((outcome) => outcome === status))
    return "the input 'known-fingerprint' is not a fingerprint";
  if (status !== 'pass') return 'the earlier check did not pass';
  return earlier === digest
    ? 'same'
    : 'the machine, the manifest or the trust of the run is not the same as then';
}

/** Returns the finding for a requirement that passed in an earlier check and has not changed. */
export async function unchangedFinding(requirement: Requirement): Promise<Finding> {
  const wanted = (await kindOf(requirement)).wanted?.(requirement) ?? 'present';
  return { status: 'pass', found: 'no change, as checked before', wanted };
}
