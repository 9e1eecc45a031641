import { messageOf } from '@runner-actions/core';
import { asBefore } from './fingerprint.ts';
import { endProbesOnSignal } from './interruption-io.ts';
import type { Finding, Machine } from './kinds/kind.ts';
import { kindOf, type Requirement } from './kinds/kinds.ts';
import type { Result } from './verdict.ts';

/**
 * Checks all requirements, `concurrency` at once; a check that breaks is an `error` and disturbs no other. Those in `known`
 * were met before, and are as they were: they are not asked.
 */
export async function checkAll(
  requirements: readonly Requirement[],
  machine: Machine,
  { concurrency, known }: { concurrency: number; known: ReadonlySet<Requirement> },
): Promise<Result[]> {
  const release = endProbesOnSignal();
  const results: Result[] = [];
  const queue = requirements.entries();
  const work = async (): Promise<void> => {
    for (const [index, requirement] of queue) {
      const finding = known.has(requirement) ? asBefore(requirement) : await check(requirement, machine);
      results[index] = judge(requirement, finding);
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

function judge(requirement: Requirement, finding: Finding): Result {
  const lenient = finding.status === 'fail' && requirement.severity === 'warn';
  return { ...finding, requirement, status: lenient ? 'warn' : finding.status };
}
