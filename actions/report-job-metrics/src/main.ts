import { dirname, join } from 'node:path';
import { configFor } from '@runner-actions/config';
import { explainWriteFault, type Step } from '@runner-actions/core';
import { type MetricsInputs, readInputs, readStrict } from './inputs.ts';
import { directoryOf, failWhenStrict, notMeasured, watchedPaths } from './measuring.ts';
import { openSeries } from './series-io.ts';
import { seriesFiles } from './series-files.ts';

/** What post needs of main; no secrets. */
export interface Saved {
  directory: string;
  charts: MetricsInputs['charts'];
  strict: boolean;
}

export async function phase(step: Step): Promise<void> {
  readInputs(step.inputs);
  const { config } = await configFor(step);
  const inputs = readInputs(step.inputs, config.metrics);
  if (config.metrics?.pushgateway !== undefined)
    step.log.info("'metrics.pushgateway' has no effect in this version.");
  const directory = directoryOf(step);
  step.outputs.set('report', seriesFiles(directory).report);
  if (inputs.when === 'now') await closeNow(step, inputs, directory);
  else await open(step, inputs, directory);
}

export function safeAnswer(step: Step, fault: unknown): void {
  failWhenStrict(readStrict(step.inputs), fault);
}

async function closeNow(step: Step, inputs: MetricsInputs, directory: string): Promise<void> {
  const [{ closeAndReport }, { outputsOf }] = await Promise.all([
    import('./close.ts'),
    import('./figures.ts'),
  ]);
  const figures = await closeAndReport(step, inputs, directory);
  for (const [name, value] of Object.entries(figures ? outputsOf(figures) : {}))
    step.outputs.set(name, value);
}

async function open(step: Step, inputs: MetricsInputs, directory: string): Promise<void> {
  const { interval, charts, strict } = inputs;
  // The bundle's own folder: the stub that the runner starts lies beside the sampler's.
  const script = join(dirname(process.argv[1] ?? ''), 'sampler', 'index.js');
  try {
    const { environment } = step.job;
    const opened = await openSeries({ directory, interval, paths: watchedPaths(step), script, environment });
    if (opened) step.state.save({ directory, charts, strict } satisfies Saved);
    step.log.info(
      opened ? `Sampling every ${interval / 1000} s.` : 'An earlier step of this job samples already.',
    );
  } catch (error) {
    notMeasured(step, strict, `Sampling could not start: ${explainWriteFault(error)}.`);
  }
}
