import { messageOf } from '@runner-actions/core';
import { unchangedFinding } from './fingerprint.ts';
import { killProbesOnSignal } from './kill-probes-io.ts';
import type { Finding, Machine } from './kinds/kind.ts';
import { kindOf, type Requirement } from './kinds/kinds.ts';
import type { Result } from './results.ts';

/**
 * Checks all requirements, `concurrency` at a time. A check that throws has the status `error` and does not affect the
 * others. Requirements in `known` passed in an earlier check and have not changed, so they are not checked again.
 */
export async function checkAll(
  requirements: readonly Requirement[],
  machine: Machine,
  { concurrency, known }: { concurrency: number; known: ReadonlySet<Requirement> },
): Promise<Result[]> {
  const release = killProbesOnSignal();
  const results: Result[] = [];
  const queue = requirements.entries();
  const work = async (): Promise<void> => {
    for (const [index, requirement] of queue) {
      const finding = known.has(requirement)
        ? unchangedFinding(requirement)
        : await check(requirement, machine);
      results[index] = applySeverity(requirement, finding);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    release();
  }
  return results;
}

async function check(requirement: Requirement, machine: Machine): Promise<Finding> {
  try {
    return await kindOf(requirement).check(requirement, machine);
  } catch (error) {
    return { status: 'error', found: messageOf(error), wanted: 'an answer' };
  }
}

function applySeverity(requirement: Requirement, finding: Finding): Result {
  const lenient = finding.status === 'fail' && requirement.severity === 'warn';
  return { ...finding, requirement, status: lenient ? 'warn' : finding.status };
}
