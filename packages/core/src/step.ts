import { type AnnotationPlace, type Annotations, collectAnnotations, type Level } from './annotations.ts';
import type { Deadline } from './deadline.ts';
import { messageOf } from './errors.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { type Job, readJob } from './job.ts';
import { type Log, openLog } from './log.ts';
import { openState, type State } from './state.ts';
import { openSummary, type Summary } from './summary.ts';
import { setOutput } from './toolkit.ts';

/** One phase of one action, and all that it may say to the runner. */
export interface Step {
  readonly phase: 'main' | 'post';
  readonly inputs: Inputs;
  /** Outputs exist only if the main phase sets them: GitHub drops what post sets. */
  readonly outputs: { set(name: string, value: string | number | boolean): void };
  readonly state: State;
  readonly log: Log;
  annotate(level: Level, message: string, place?: AnnotationPlace): void;
  readonly summary: Summary;
  readonly deadline: Deadline;
  readonly job: Job;
}

/** The step as the runner set it up, and `close`, which emits what was held back. */
export function openStep(phase: Step['phase'], deadline: Deadline): { step: Step; close(): void } {
  const job = readJob();
  const inputs = readInputs();
  const annotations: Annotations = collectAnnotations();
  const log = openLog({ debug: job.debug, verbose: isVerbose(inputs, annotations) });
  const summary = openSummary(job.environment['GITHUB_STEP_SUMMARY'] || undefined, log.info);
  const step: Step = {
    phase,
    inputs,
    outputs: { set: (name, value) => setOutput(name, String(value)) },
    state: openState(),
    log,
    annotate: annotations.add,
    summary,
    deadline,
    job,
  };
  const close = (): void => {
    const overflow = annotations.flush();
    if (overflow !== '') summary.add(overflow);
  };
  return { step, close };
}

/** How much is logged is no reason to fail: a value that cannot be read is said, and is a no. */
function isVerbose(inputs: Inputs, annotations: Annotations): boolean {
  try {
    return inputs.boolean('verbose') ?? false;
  } catch (error) {
    annotations.add('warning', messageOf(error));
    return false;
  }
}
