import type { Result } from '../results.ts';
import type { Done } from './carry-out-io.ts';
import type { Plan } from './plan.ts';

/** What became of a plan, as far as it explains what is still not met. */
export interface Ending {
  plan: Plan;
  done: readonly Pick<Done, 'act' | 'problem' | 'lastLine'>[];
  /** The results of the check before it; absent: what it changed is unknown. */
  before?: readonly Result[];
  /** What stopped the plan, if that was not a command; `undefined`: nothing. */
  problem?: string | undefined;
  /** Why new folders are not on PATH; `undefined`: they are. */
  pathProblem?: string | undefined;
}

/**
 * Says of each requirement that is still not met what its installation came to. Its status is that of the check: nothing
 * that breaks in an installation makes a requirement met.
 */
export function explainUnmet(results: readonly Result[], ending: Ending): Result[] {
  const planned = new Set(ending.plan.rounds.flat().flatMap(({ meets }) => meets));
  return results.map((result) => {
    const { kind, name } = result.requirement;
    const key = kind === 'feature' ? name : `${kind} ${name}`;
    if (['pass', 'skip'].includes(result.status) || !planned.has(key)) return result;
    const isAsBefore = ending.before?.some(
      (one) => one.requirement === result.requirement && one.found === result.found,
    );
    return { ...result, found: explain(result.found, key, ending, isAsBefore ?? false) };
  });
}

function explain(
  found: string,
  key: string,
  { done, problem, pathProblem }: Ending,
  isAsBefore: boolean,
): string {
  const own = done.filter(({ act }) => act.meets.includes(key));
  const failed = own.find((one) => one.problem !== undefined);
  if (failed?.problem !== undefined) return `${found}; its installation failed: ${failed.problem}`;
  if (own.length === 0)
    return `${found}; its installation was not begun: ${problem ?? 'a command before it failed'}`;
  if (isAsBefore && pathProblem === undefined) {
    const last = own.findLast(({ lastLine }) => lastLine !== undefined && lastLine !== '');
    const said = last === undefined ? '' : `; the last line of ${last.act.by} is: ${last.lastLine ?? ''}`;
    return `${found}; its installation changed nothing${said}`;
  }
  return `installed but not usable: ${[found, ...(pathProblem === undefined ? [] : [pathProblem])].join('; ')}`;
}
