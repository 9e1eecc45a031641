import { type CommandModule, flush, runCommand, strayFault } from './command.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { messageOf, reasonOf, stackOf, UserError } from './errors.ts';
import { openStep, type Step } from './step.ts';
import { explainWriteFault, isDiskFull } from './write-error.ts';

/** What `main.ts` and `post.ts` of an action export. */
export interface PhaseModule {
  phase(step: Step): Promise<void>;
  /**
   * Our own failure, or the deadline passed: give the answer that is safe (fallback, miss, nothing deleted).
   * A `UserError` thrown here fails the phase: that is how an action's strict switch works.
   */
  safeAnswer?(step: Step, fault: unknown): Promise<void> | void;
}

/** By the names that the stubs state: `main`, `post`, and the main phases of actions that share the bundle, such as `save`. */
export type Phases = Readonly<Record<string, () => Promise<PhaseModule>>>;

/** Those of the phases that people and timers call as well. */
export type Commands = Readonly<Record<string, () => Promise<CommandModule>>>;

/** Milliseconds that a phase may take over all; then the safe answer is given and the process ends. */
export type Limits = Readonly<Record<string, number>>;

const defaultLimit = 30 * 60_000;
/** How long the safe answer may take, since it is wanted just when something hangs. */
const safeAnswerLimit = 5_000;
const reportAt = 'Please report it with this text in an issue of Runner Actions.';

/**
 * Runs the phase that the stub named in `process.argv[2]`: loads it, holds the deadline, applies the failure
 * rules, flushes, and ends the process, whatever handles are still open.
 * Failure rules: a `UserError` fails main and is a warning in post (unless strict). Anything else is our fault:
 * a warning with its stack, the safe answer, and a green step.
 * @param commands called with arguments, or outside of a job, they are commands, which end as such
 */
export async function run(phases: Phases, limits: Limits = {}, commands: Commands = {}): Promise<void> {
  const [name = 'main', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command !== undefined && (args.length > 0 || process.env['GITHUB_ACTIONS'] !== 'true'))
    return runCommand(command, args);
  const deadline = startDeadline(limits[name] ?? defaultLimit);
  const { step, close } = openStep(name === 'post' ? 'post' : 'main', deadline);
  // Node would print its warnings as they are, and what they quote may be a stranger's.
  process.removeAllListeners('warning').on('warning', (warning) => step.log.debug(stackOf(warning)));
  const failed = await runPhase(step, phases[name], deadline);
  close();
  await flush();
  process.exit(failed ? 1 : 0);
}

/** Whether the step failed. */
async function runPhase(step: Step, load: Phases[string] | undefined, deadline: Deadline): Promise<boolean> {
  if (load === undefined || hasNothingToDo(step)) return false;
  let module: PhaseModule | undefined;
  try {
    module = await load();
    await Promise.race([module.phase(step), passed(deadline), strayFault()]);
    return false;
  } catch (thrown) {
    if (thrown instanceof UserError) return reportUserError(step, thrown);
    step.annotate('warning', describeFault(thrown));
    if (isDiskFull(thrown)) step.log.debug(stackOf(thrown));
    return giveSafeAnswer(step, module, thrown);
  }
}

/** What post does is what main left for it. What cannot be read is the phase's own fault to tell. */
function hasNothingToDo(step: Step): boolean {
  if (step.phase !== 'post' || step.state.isSaved()) return false;
  step.log.debug('Main left nothing to do.');
  return true;
}

async function giveSafeAnswer(step: Step, module: PhaseModule | undefined, fault: unknown): Promise<boolean> {
  try {
    const limit = startDeadline(safeAnswerLimit);
    await Promise.race([module?.safeAnswer?.({ ...step, deadline: limit }, fault), passed(limit)]);
    return false;
  } catch (thrown) {
    if (thrown instanceof UserError) return reportUserError(step, thrown);
    step.annotate('warning', `The safe answer failed as well: ${messageOf(thrown)}\n${stackOf(thrown)}`);
    return false;
  }
}

function reportUserError(step: Step, error: UserError): boolean {
  const fails = step.phase === 'main' || error.strict;
  step.annotate(fails ? 'error' : 'warning', error.message, error.place);
  return fails;
}

/** A disk that is full is the machine's, and nothing to report. */
function describeFault(thrown: unknown): string {
  if (isDiskFull(thrown))
    return `The step could not do its work and goes on safely: ${explainWriteFault(thrown)}.`;
  const { code } = thrown as { code?: unknown };
  // Bundles load nothing but their own files, so a missing one means that the folder was copied in part.
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    const reason = reasonOf(thrown).split('\n', 1)[0];
    return `The action's folder is incomplete: ${reason}. Copy the whole folder of the release, dist/chunks included.`;
  }
  const what = `Runner Actions had a problem of its own and goes on safely: ${reasonOf(thrown)}.`;
  return `${what} ${reportAt}\n${stackOf(thrown)}`;
}

/** Rejects when the deadline passes. It keeps the process alive until then: a phase that waits for nothing must not end as if it were done. */
function passed(deadline: Deadline): Promise<never> {
  return new Promise((_resolve, reject) => {
    const alive = setInterval(() => undefined, 60_000);
    const stop = (): void => {
      clearInterval(alive);
      reject(deadline.signal.reason as Error);
    };
    if (deadline.signal.aborted) stop();
    else deadline.signal.addEventListener('abort', stop, { once: true });
  });
}
