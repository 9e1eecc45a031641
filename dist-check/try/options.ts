import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

export const usage = `npm run try -- FOLDER [options]

Runs a workflow of the repository in FOLDER on this machine, before you push it.

  --workflow NAME   a file in .github/workflows; needed if there are several
  --job ID          only this job, and those that it needs
  --event NAME      the event that triggers the run; default: push, or else the workflow's first
  --world FILE      what GitHub knows: runners, tokens, secrets, files; default: --print-world shows it
  --print-world     prints the world as YAML, for a file of your own, and runs nothing

Exit status: 0 the run is green, 1 it is red, 2 wrong use, 3 it could not be tried.
docs/try.md has the details.`;

export interface Options {
  folder: string;
  workflow: string | undefined;
  job: string | undefined;
  event: string | undefined;
  world: string | undefined;
  printWorld: boolean;
}

/** Parses the arguments. @returns `undefined` if the user asks for help @throws UsageError */
export function parseOptions(args: string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [folder, second] = positionals;
  if (folder === undefined) throw new UsageError(`Name the folder of your repository.\n\n${usage}`);
  if (second !== undefined) throw new UsageError(`Name one folder, not two: ${folder}, ${second}.`);
  const { workflow, job, event, world } = values;
  return { folder, workflow, job, event, world, printWorld: values['print-world'] === true };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { workflow: text, job: text, event: text, world: text, 'print-world': flag, help: flag },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}
