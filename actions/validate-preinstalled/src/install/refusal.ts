import { remedyText } from '../machine-facts/packages/install-command.ts';
import type { Plan } from './plan.ts';

export interface Permissions {
  /** Whether the event and its author are trusted. */
  trusted: boolean;
  /** Path of the machine's policy, if that forbids to install. */
  forbiddenBy: string | undefined;
  isRoot: boolean;
  /** Why `sudo -n` does not work; `undefined` if it does, or is not needed. */
  sudoProblem: string | undefined;
}

/** Whether a command of the plan needs root. */
export function needsSudo({ rounds }: Plan): boolean {
  return rounds.flat().some(({ command }) => command[0] === 'sudo');
}

/** Returns why nothing of the plan is carried out; `undefined` if it is. Nothing has been changed before. */
export function refusalOf(plan: Plan, permissions: Permissions): string | undefined {
  const why = reasonOf(plan, permissions);
  return why === undefined
    ? undefined
    : `Nothing was installed: ${why}. To do it yourself, run:\n${toDo(plan)}`;
}

function reasonOf(
  plan: Plan,
  { trusted, forbiddenBy, isRoot, sudoProblem }: Permissions,
): string | undefined {
  if (!trusted) return 'the event is untrusted, such as a pull request from a fork';
  if (forbiddenBy !== undefined) return `${forbiddenBy} says \`install: forbidden\``;
  if (isRoot || !needsSudo(plan) || sudoProblem === undefined) return undefined;
  return `this user is not root, and \`sudo -n true\` does not work (${sudoProblem})`;
}

function toDo(plan: Plan): string {
  return plan.rounds.flat().map(remedyText).join('\n');
}
