import { type AnnotationPlace, type Annotations, collectAnnotations, type Level } from './annotations.ts';
import type { Deadline } from './deadline.ts';
import { messageOf } from './errors.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { type Job, readJob } from './job.ts';
import { type Log, openLog } from './log.ts';
import { openRunnerFile } from './runner-file.ts';
import { openReports, type Reports } from './report.ts';
import { openState, type State } from './state.ts';
import { openSummary, type Summary } from './summary.ts';
import { saveState, setOutput } from './toolkit.ts';
import { describeWriteError } from './write-error.ts';

/** One phase of an action, with everything that it can read from the runner and pass to it. */
export interface Step extends Reports {
  readonly phase: 'main' | 'post';
  readonly inputs: Inputs;
  /** Only the main phase can set outputs: GitHub drops those that the post phase sets. */
  readonly outputs: { set(name: string, value: string | number | boolean): void };
  readonly state: State;
  readonly log: Log;
  annotate(level: Level, message: string, place?: AnnotationPlace): void;
  readonly summary: Summary;
  readonly deadline: Deadline;
  readonly job: Job;
}

/** Opens the step that the runner set up. `close` emits the annotations and values that were held back. */
export function openStep(phase: Step['phase'], deadline: Deadline): { step: Step; close(): void } {
  const job = readJob();
  const inputs = readInputs();
  const annotations: Annotations = collectAnnotations();
  const log = openLog({ debug: job.debug, verbose: isVerbose(inputs, annotations) });
  const summary = openSummary(job.environment['GITHUB_STEP_SUMMARY'] || undefined, log.info);
  const warnOfLog = (what: string) => (thrown: unknown, file: string) =>
    annotations.add(
      'warning',
      `The runner's file for ${what} could not be written: ${describeWriteError(thrown, file)}. The action passes them through the log instead, in a form that GitHub calls deprecated.`,
    );
  const outputs = openRunnerFile('GITHUB_OUTPUT', setOutput, warnOfLog('outputs'));
  const state = openRunnerFile('GITHUB_STATE', saveState, warnOfLog('state values'));
  // GitHub drops outputs of the post phase.
  const setReportOutput = (path: string) => phase === 'main' && outputs.set('report', path);
  const step: Step = {
    phase,
    inputs,
    outputs: { set: (name, value) => outputs.set(name, String(value)) },
    state: openState(state.set),
    log,
    annotate: annotations.add,
    summary,
    ...openReports(job.temp, setReportOutput, (message) => annotations.add('warning', message)),
    deadline,
    job,
  };
  const close = (): void => {
    const overflow = annotations.flush();
    if (overflow !== '') summary.add(overflow);
    for (const file of [outputs, state]) file.close();
  };
  return { step, close };
}

/**
 * Reads the input `verbose`. An invalid value is a warning and counts as `false`: the amount of logging must not fail
 * a step.
 */
function isVerbose(inputs: Inputs, annotations: Annotations): boolean {
  try {
    return inputs.boolean('verbose') ?? false;
  } catch (error) {
    annotations.add('warning', messageOf(error));
    return false;
  }
}
