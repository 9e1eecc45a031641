import { root } from '../actions.ts';
import { readTemplates } from '../release/workflows.ts';
import type { RunLog } from './log.ts';
import { notShownOf, notShownOfEvent } from './not-shown.ts';
import type { Cells } from './placement.ts';
import { formatTable, rowsOf, statusOf } from './summary.ts';
import { parseWorkflow, type Workflow, workflowsFolder } from './workflow.ts';
import type { World } from './world.ts';

interface Tried {
  workflow: Workflow;
  /** The files of the repository, by path. */
  files: Record<string, string>;
  /** Ids of the jobs that should run. */
  ids: readonly string[];
  world: World;
  cells: Cells;
  event: string;
}

/** Returns the table, the errors of act and what act cannot show, as lines, and the exit status. */
export function report(log: RunLog, tried: Tried): { lines: string[]; exitStatus: number } {
  const { workflow, ids, event } = tried;
  const rows = rowsOf(log, { ...tried, called: callable(tried) });
  const isHosted = rows.some(({ place }) => place.startsWith('hosted '));
  const limits = [
    ...notShownOfEvent(workflow, event),
    ...notShownOf(workflow, ids),
    ...(isHosted ? ['hosted jobs: this machine is no image of GitHub, and has other tools'] : []),
  ];
  const lines = [
    '',
    ...formatTable(rows),
    ...log.errors.map((error) => `act: ${error}`),
    ...(limits.length === 0
      ? []
      : ['', 'What this run does not show:', ...limits.map((limit) => `  ${limit}`)]),
  ];
  return { lines, exitStatus: statusOf(rows) };
}

/** Returns the workflows that can be called: those of this project, and others in the user's repository. */
function callable({ files, workflow }: Tried): Workflow[] {
  const local = Object.entries(files)
    .map(([path, text]) => ({ path, text }))
    .filter(({ path }) => path.startsWith(`${workflowsFolder}/`) && path !== workflow.path);
  return [...readTemplates(root), ...local].flatMap(({ path, text }) => {
    try {
      return [parseWorkflow(text, path)];
    } catch {
      // act has said so, if the run called it.
      return [];
    }
  });
}
