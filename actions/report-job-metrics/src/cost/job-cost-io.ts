import { describeProblem } from '@runner-actions/config';
import { reasonOf, type Step } from '@runner-actions/core';
import { type PriceTable, shippedPrices, type Visibility } from '@runner-actions/cost';
import type { RunJob } from '@runner-actions/github';
import { readFileWithin } from '@runner-actions/host';
import type { Settings } from '../inputs.ts';
import { costOfJob, type JobCost } from './job-cost.ts';

/** Bytes of a file with prices. */
const maxFile = 256 * 1024;

/**
 * Computes the cost of this job.
 * @param own what GitHub says about it; `undefined` if it could not be asked
 * @param time when the job started, and how long it ran, in milliseconds
 */
export async function readJobCost(
  step: Step,
  settings: Pick<Settings, 'costPerHour' | 'currency' | 'prices' | 'pools' | 'fallback'>,
  own: Pick<RunJob, 'labels' | 'runnerGroup'> | undefined,
  time: { startedAt: number; milliseconds: number },
): Promise<JobCost> {
  const { runner } = step.job;
  const prices = settings.prices === undefined ? shippedPrices : await readPrices(step, settings.prices);
  return costOfJob(
    {
      ...time,
      isHosted: runner.environment && runner.environment === 'github-hosted',
      ...{ labels: own?.labels, group: own?.runnerGroup },
      ...{ system: runner.os, processor: runner.arch },
      visibility: visibilityOf(step.job.payload()),
    },
    { ...settings, fallback: settings.fallback as Parameters<typeof costOfJob>[1]['fallback'], prices },
  );
}

/** A file that is wrong counts not even in part, so the shipped table is used, with a warning. */
async function readPrices(step: Step, path: string): Promise<PriceTable> {
  const warn = (why: string): PriceTable => {
    step.annotate('warning', `The prices of 'prices: ${path}' are not used: ${why}`);
    return shippedPrices;
  };
  try {
    const text = await readFileWithin(step.job.workspace, path, maxFile);
    if (!Buffer.isBuffer(text))
      return warn(`it is no file of the checkout of at most ${maxFile / 1024} KiB.`);
    const { readPriceFile } = await import('@runner-actions/cost/price-file');
    const read = readPriceFile(text.toString('utf8'), path);
    if (read.kind === 'read') return read.table;
    const [first] = read.problems;
    return warn(
      first === undefined ? 'it is wrong.' : `${first.line}:${first.column} ${describeProblem(first)}`,
    );
  } catch (error) {
    return warn(`${reasonOf(error)}.`);
  }
}

/** Returns who can see the repository, by the event's payload. */
export function visibilityOf(payload: unknown): Visibility {
  const { repository } = (payload ?? {}) as { repository?: { visibility?: unknown; private?: unknown } };
  const { visibility, private: isPrivate } = repository ?? {};
  if (visibility === 'public' || visibility === 'private' || visibility === 'internal') return visibility;
  return typeof isPrivate === 'boolean' ? (isPrivate ? 'private' : 'public') : 'unknown';
}
