import { messageOf } from '@runner-actions/core';
import { type Requirement, whyNot } from '@runner-actions/manifest';
import { unchangedFinding } from './fingerprint.ts';
import { killProbesOnSignal } from './kill-probes-io.ts';
import type { Finding, Machine } from './kinds/kind.ts';
import { kindOf } from './kinds/kinds.ts';
import type { Result } from './results.ts';
import { slowestFirst } from './slowest-first.ts';
import { expectOpen } from './strangers/open-variables.ts';
import { Withheld } from './strangers/withheld.ts';

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
  const queue = slowestFirst(requirements).values();
  const work = async (): Promise<void> => {
    for (const index of queue) {
      const requirement = requirements[index] as Requirement;
      results[index] = applySeverity(requirement, await findingOf(requirement, machine, known, requirements));
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    release();
  }
  return results;
}

/** A manifest may have more requirements than can be checked in time. */
const late: Finding = {
  ...{ status: 'error', found: 'not checked in time', wanted: 'an answer' },
  advice: "Raise 'timeout', or state fewer requirements.",
};

async function findingOf(
  requirement: Requirement,
  machine: Machine,
  known: ReadonlySet<Requirement>,
  all: readonly Requirement[],
): Promise<Finding> {
  try {
    const why = whySkipped(requirement, machine);
    if (why !== undefined) return { status: 'skip', found: `not checked: ${why}`, wanted: 'nothing here' };
    if (known.has(requirement)) return await unchangedFinding(requirement);
    if (machine.deadline.remaining() === 0) return late;
    const kind = await kindOf(requirement);
    return await kind.check(requirement, limited(machine, requirement.timeout), all);
  } catch (error) {
    const advice = error instanceof Withheld ? { advice: error.advice } : {};
    return { status: 'error', found: messageOf(error), wanted: 'an answer', ...advice };
  }
}

/**
 * Returns why a requirement does not apply here. That tells the value of a variable too.
 * @throws Withheld
 */
function whySkipped({ when }: Requirement, machine: Machine): string | undefined {
  for (const { name } of when.flatMap(({ alternatives }) => alternatives.flat()))
    if (name.startsWith('env.')) expectOpen(name.slice(4), machine);
  return when.map((condition) => whyNot(condition, machine.facts)).find((one) => one !== undefined);
}

/** @param timeout milliseconds */
function limited(machine: Machine, timeout: number | undefined): Machine {
  return timeout === undefined ? machine : { ...machine, deadline: machine.deadline.limit(timeout) };
}

/** With `severity: warn`, neither what is not met nor what is not known fails anything. */
function applySeverity(requirement: Requirement, finding: Finding): Result {
  const { status, found } = finding;
  if (requirement.severity !== 'warn' || !['fail', 'error'].includes(status))
    return { ...finding, requirement };
  const isUnknown = status === 'error';
  return {
    ...finding,
    requirement,
    status: 'warn',
    isUnknown,
    ...(isUnknown ? { found: `not known: ${found}` } : {}),
  };
}
