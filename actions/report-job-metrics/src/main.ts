import { dirname, join } from 'node:path';
import { readStepConfig } from '@runner-actions/config';
import { describeWriteError, quote, type Step, trustOf, writeAccessEvents } from '@runner-actions/core';
import { readDestinations, readInputs, readStrict, type Settings, resolveSettings } from './inputs.ts';
import { directoryOf, failWhenStrict, notMeasured, watchedPaths } from './measuring.ts';
import { openSeries } from './sampling/series-io.ts';
import { seriesFiles } from './sampling/series-files.ts';

/** State for the post phase. It contains no secrets. */
export interface SavedState {
  settings: Settings;
  /** Why the figures may not be sent; judged before the job's steps, which can change the file of the event. */
  whyNotSent: string | undefined;
  directory: string;
}

export async function phase(step: Step): Promise<void> {
  const given = readInputs(step.inputs);
  const { config } = await readStepConfig(step);
  const settings = resolveSettings(given, config);
  // They are used at the end, but a wrong one should fail at once.
  await readDestinations(step.inputs, settings.pushgateway);
  const directory = directoryOf(step);
  step.outputs.set('report', seriesFiles(directory).report);
  if (settings.when === 'now') await closeNow(step, settings, directory);
  else await open(step, settings, directory);
}

export function safeAnswer(step: Step, fault: unknown): void {
  failWhenStrict(readStrict(step.inputs), fault);
}

async function closeNow(step: Step, settings: Settings, directory: string): Promise<void> {
  const [{ closeAndReport }, { outputsOf }, { costOutputs }] = await Promise.all([
    import('./close-and-report.ts'),
    import('./figures/figures.ts'),
    import('./cost/job-cost.ts'),
  ]);
  const reported = await closeAndReport(step, settings, directory, whyNotSentNow(step));
  if (reported === undefined) return;
  const { figures, job, cost, comparison } = reported;
  const queue = job === undefined || 'unknown' in job ? undefined : job.queue;
  const regression = comparison && 'duration' in comparison ? comparison.duration?.regression : undefined;
  const outputs = {
    ...outputsOf(figures, queue?.seconds),
    ...(cost === undefined ? {} : costOutputs(cost)),
    ...(regression === undefined ? {} : { regression }),
  };
  for (const [name, value] of Object.entries(outputs)) step.outputs.set(name, value);
}

async function open(step: Step, settings: Settings, directory: string): Promise<void> {
  const { interval, strict } = settings;
  // The runner starts a stub in the bundle's folder. The sampler's folder is next to the stub.
  const script = join(dirname(process.argv[1] ?? ''), 'sampler', 'index.js');
  try {
    const { environment } = step.job;
    const opened = await openSeries({ directory, interval, paths: watchedPaths(step), script, environment });
    if (opened) step.state.save({ directory, settings, whyNotSent: whyNotSent(step) } satisfies SavedState);
    step.log.info(
      opened ? `Sampling every ${interval / 1000} s.` : 'An earlier step of this job already takes samples.',
    );
  } catch (error) {
    notMeasured(step, strict, `Sampling could not start: ${describeWriteError(error)}.`);
  }
}

/** A run that anybody can start sends nothing: its figures and names are a stranger's. */
function whyNotSent(step: Step): string | undefined {
  const { trusted, why } = trustOf(step.job, []);
  return trusted ? undefined : why;
}

/** The steps before this one may have changed the file of the event, and only it tells whose pull request it is. */
function whyNotSentNow(step: Step): string | undefined {
  const { eventName } = step.job;
  if (writeAccessEvents.includes(eventName)) return undefined;
  return whyNotSent(step) ?? `with 'when: now', those of the event ${quote(eventName)} never are`;
}
