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

/** Why nothing was installed. */
export interface Refusal {
  /** A sentence that ends before the commands. */
  text: string;
  /** What the owner of the machine may run, as a person would type it. */
  commands: readonly string[];
}

/**
 * Returns why nothing of the plan is carried out; `undefined` if it is. Nothing has been changed before.
 * @param certain the plan without what is not known. Its commands are shown, if there are any
 */
export function refusalOf(plan: Plan, permissions: Permissions, certain = plan): Refusal | undefined {
  const why = whyForbidden(permissions) ?? whyNotRoot(plan, permissions);
  if (why === undefined) return undefined;
  const { rounds } = certain.rounds.length === 0 ? plan : certain;
  const commands = rounds.flat().map(remedyText);
  return { text: `Nothing was installed: ${why}. To do it yourself, run:`, commands };
}

/** Returns a refusal as text: the sentence, and a command a line. */
export function refusalText({ text, commands }: Refusal): string {
  return [text, ...commands].join('\n');
}

/** Returns why nothing may be installed, whatever the plan is; `undefined`: it may. No program has to start for it. */
export function whyForbidden({
  trusted,
  forbiddenBy,
}: Pick<Permissions, 'trusted' | 'forbiddenBy'>): string | undefined {
  if (!trusted) return 'the event is untrusted, such as a pull request from a fork';
  return forbiddenBy === undefined ? undefined : `${forbiddenBy} says \`install: forbidden\``;
}

function whyNotRoot(plan: Plan, { isRoot, sudoProblem }: Permissions): string | undefined {
  if (isRoot || !needsSudo(plan) || sudoProblem === undefined) return undefined;
  return `this user is not root, and \`sudo -n true\` does not work (${sudoProblem})`;
}
