// `npm run try -- FOLDER`: runs a workflow of a user with act, against the simulator. See docs/try.md.
import { parseOptions, usage } from './options.ts';
import { tryWorkflow } from './try-workflow.ts';
import { UsageError, WorkflowError } from './usage-error.ts';

// The user may stop reading, as `| head` does. The run then ends without its report, and cleans up.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  // npm runs scripts in the folder of this project. Paths are relative to where the user is.
  else process.exitCode = await tryWorkflow(options, process.env['INIT_CWD'] ?? process.cwd());
} catch (error) {
  const isExpected = error instanceof UsageError || error instanceof WorkflowError;
  console.error(isExpected ? error.message : `The workflow could not be tried: ${(error as Error).stack}`);
  process.exitCode = error instanceof UsageError ? 2 : error instanceof WorkflowError ? 1 : 3;
}
