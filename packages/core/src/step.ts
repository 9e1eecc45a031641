import { type AnnotationPlace, type Annotations, collectAnnotations, type Level } from './annotations.ts';
import type { Deadline } from './deadline.ts';
import { messageOf } from './errors.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { type Job, readJob } from './job.ts';
import { type Log, openLog } from './log.ts';
import { openRecords } from './runner-file.ts';
import { openReports, type Reports } from './report.ts';
import { openState, type State } from './state.ts';
import { openSummary, type Summary } from './summary.ts';
import { saveState, setOutput } from './toolkit.ts';
import { explainWriteFault } from './write-error.ts';

/** One phase of one action, and all that it may say to the runner. */
export interface Step extends Reports {
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
  const lost = (what: string) => (thrown: unknown, file: string) =>
    annotations.add(
      'warning',
      `The runner's file for ${what} could not be written: ${explainWriteFault(thrown, file)}. They are given by the log, in a form that GitHub calls deprecated.`,
    );
  const outputs = openRecords('GITHUB_OUTPUT', setOutput, lost('outputs'));
  const state = openRecords('GITHUB_STATE', saveState, lost('what post needs'));
  // What post says of outputs is dropped.
  const tell = (path: string) => phase === 'main' && outputs.set('report', path);
  const step: Step = {
    phase,
    inputs,
    outputs: { set: (name, value) => outputs.set(name, String(value)) },
    state: openState(state.set),
    log,
    annotate: annotations.add,
    summary,
    ...openReports(job.temp, tell, (message) => annotations.add('warning', message)),
    deadline,
    job,
  };
  const close = (): void => {
    const overflow = annotations.flush();
    if (overflow !== '') summary.add(overflow);
    for (const records of [outputs, state]) records.close();
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
