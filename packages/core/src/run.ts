import { type CommandModule, flush, runCommand, uncaughtError } from './command.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { messageOf, reasonOf, stackOf, UserError } from './errors.ts';
import { openStep, type Step } from './step.ts';
import { describeWriteError, isDiskFull } from './write-error.ts';

/** The exports of `main.ts` and `post.ts` of an action. */
export interface PhaseModule {
  phase(step: Step): Promise<void>;
  /**
   * Called after an internal error or when the deadline has passed. Gives the safe result (fallback, miss, nothing
   * deleted). A `UserError` thrown here fails the phase: the input `strict` of an action works that way.
   */
  safeAnswer?(step: Step, fault: unknown): Promise<void> | void;
}

/**
 * The phases by name. The stubs name them: `main`, `post`, and the main phases of actions that share the bundle, such
 * as `save`.
 */
export type Phases = Readonly<Record<string, () => Promise<PhaseModule>>>;

/** Commands by name, for the phases that users and timers also call. */
export type Commands = Readonly<Record<string, () => Promise<CommandModule>>>;

/** How many milliseconds each phase may take. After that it gives the safe answer and the process ends. */
export type Limits = Readonly<Record<string, number>>;

const defaultLimit = 30 * 60_000;
/** Milliseconds. The safe answer needs its own limit, because it is often given when something hangs. */
const safeAnswerLimit = 5_000;
const reportRequest = 'Please report it with this text in an issue of Runner Actions.';

/**
 * Runs the phase that the stub named in `process.argv[2]`: loads it, applies the deadline and the failure rules,
 * flushes the output, and ends the process even if handles are still open. Failure rules: a `UserError` fails the
 * main phase and is a warning in the post phase (unless strict). Any other error is internal: the step shows a
 * warning with the stack, gives the safe answer, and succeeds.
 * @param commands phases that run as commands when they are called with arguments, or outside of a job
 */
export async function run(phases: Phases, limits: Limits = {}, commands: Commands = {}): Promise<void> {
  const [name = 'main', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command !== undefined && (args.length > 0 || process.env['GITHUB_ACTIONS'] !== 'true'))
    return runCommand(command, args);
  const deadline = startDeadline(limits[name] ?? defaultLimit);
  const phase = phases[name];
  return inStep(
    name === 'post' ? 'post' : 'main',
    deadline,
    async (step) => phase !== undefined && !hasNothingToDo(step) && runPhase(step, phase, deadline),
  );
}

/** Opens a step, lets `act` tell whether it failed, and ends the process. */
async function inStep(
  phase: Step['phase'],
  deadline: Deadline,
  act: (step: Step) => Promise<boolean>,
): Promise<never> {
  const { step, close } = openStep(phase, deadline);
  // Node would print its warnings unescaped, and they may quote untrusted text.
  process.removeAllListeners('warning').on('warning', (warning) => step.log.debug(stackOf(warning)));
  const failed = await act(step);
  close();
  await flush();
  process.exit(failed ? 1 : 0);
}

/**
 * Runs a hook of the machine's owner, which the runner starts before or after each job, with the failure rules of a post
 * phase: a failure is a warning, so that no job fails because of it, unless it is a strict `UserError`.
 */
export async function runHook(load: () => Promise<PhaseModule>, limit: number): Promise<never> {
  // A hook has no inputs, so such variables are a job's, which must not change what it does.
  for (const name of Object.keys(process.env)) if (name.startsWith('INPUT_')) delete process.env[name];
  const deadline = startDeadline(limit);
  return inStep('post', deadline, (step) => runPhase(step, load, deadline));
}

/** @returns whether the step failed */
async function runPhase(step: Step, load: Phases[string], deadline: Deadline): Promise<boolean> {
  let module: PhaseModule | undefined;
  try {
    module = await load();
    await Promise.race([module.phase(step), passed(deadline), uncaughtError()]);
    return false;
  } catch (thrown) {
    if (thrown instanceof UserError) return reportUserError(step, thrown);
    step.annotate('warning', describeFault(thrown));
    if (isDiskFull(thrown)) step.log.debug(stackOf(thrown));
    return giveSafeAnswer(step, module, thrown);
  }
}

/**
 * Whether the main phase left nothing for the post phase. If the state cannot be read, the phase itself reports the
 * error.
 */
function hasNothingToDo(step: Step): boolean {
  if (step.phase !== 'post' || step.state.isSaved()) return false;
  step.log.debug('The main phase left nothing for the post phase to do.');
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

/** A full disk is a problem of the machine, so the message does not request a report. */
function describeFault(thrown: unknown): string {
  if (isDiskFull(thrown))
    return `The step could not do its work and continues with its safe result: ${describeWriteError(thrown)}.`;
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  // A bundle loads only its own files. A missing file means that only a part of the folder was copied.
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    const reason = reasonOf(thrown).split('\n', 1)[0];
    return `The action's folder is incomplete: ${reason}. Copy the whole folder of the release, dist/chunks included.`;
  }
  const what = `Runner Actions had an internal error and continues with its safe result: ${reasonOf(thrown)}.`;
  return `${what} ${reportRequest}\n${stackOf(thrown)}`;
}

/**
 * Rejects when the deadline passes. Until then it keeps the process alive: Node would otherwise end a phase that
 * waits for nothing, as if the phase had succeeded.
 */
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
