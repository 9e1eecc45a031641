import type { Plan } from './plan.ts';
import type { Prepared } from './prepare.ts';
import { namesIn } from './workflow.ts';

/** Returns what the user should know before the run, as lines. */
export function introduction(plan: Plan, { sources, copy, warnings }: Prepared): string[] {
  const { workflow, event, world, folder, repository } = plan;
  const unset = (context: 'secrets' | 'vars'): string[] =>
    namesIn(workflow.text, context).filter((name) => !hasName(world[context], name));
  const [secrets, vars] = [unset('secrets'), unset('vars')];
  const lines = [
    `Tries ${workflow.path} of ${repository} on the event ${event}, with a copy of ${folder} as it is now.`,
    'Every job runs on THIS machine, as you, hosted ones too. Its home folder is an empty temporary one, but a step can do whatever you can.',
    line('Replaced by stubs', sources.stubs),
    line('Downloaded by act from github.com', sources.fetched),
    line('Images, which need Docker', sources.images),
    line('Secrets that the world does not have, so they are empty', secrets),
    line('Variables that the world does not have, so they are empty', vars),
    line(
      'Left out of the copy',
      copy.leftOut.map(([path, reason]) => `${path} (${reason})`),
    ),
    ...(copy.isCheckout ? [] : ['The folder is not a git checkout, so everything in it was copied.']),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
  return lines.filter((text) => text !== '');
}

function hasName(values: Record<string, string> | undefined, name: string): boolean {
  return Object.keys(values ?? {}).some((key) => key.toUpperCase() === name);
}

/** Formats a list on one line; empty if there is nothing. Long lists are cut. */
function line(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const shown = items.slice(0, 10).join(', ');
  return `${title}: ${shown}${items.length > 10 ? ` and ${items.length - 10} more` : ''}.`;
}
