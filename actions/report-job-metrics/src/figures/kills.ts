import type { Kill, Sample } from '../sampling/sample.ts';
import { isAmount, validItems } from './valid-items.ts';

/** What the kernel killed during the job because memory ran out. */
export interface Kills {
  /** The processes that the kernel named, at most `maxListed`. */
  listed: Kill[];
  /** Number of processes that it named beyond these. */
  more: number;
  /** Number of further processes of this job, which only the counter of its cgroup tells. */
  ofJob: number;
  /** Number of further processes: whose they were is unknown. */
  unknown: number;
  /** This job's share of the memory in use at the sample before the first of the unknown kills. */
  jobShareBefore?: number;
}

const maxListed = 20;

/**
 * Collects the kills of all samples.
 * @param ofCgroup number of kills in the job's cgroup, as its own counter tells
 */
export function killsOf(samples: readonly Sample[], ofCgroup = 0): Kills | undefined {
  const named = samples.map(({ kills }) =>
    validItems<Kill>(kills, { texts: ['name'], numbers: [] }).filter(
      ({ ofJob, memoryBytes }) =>
        typeof ofJob === 'boolean' && (memoryBytes === undefined || isAmount(memoryBytes)),
    ),
  );
  const all = named.flat();
  let [before, unknown]: [number | undefined, number] = [undefined, 0];
  let jobShareBefore: number | undefined;
  for (const [index, { oomKills }] of samples.entries()) {
    if (!isAmount(oomKills)) continue;
    const unnamed = Math.max(0, oomKills - (before ?? oomKills) - (named[index]?.length ?? 0));
    if (unnamed > 0) jobShareBefore ??= jobShare(samples[index - 1]);
    unknown += unnamed;
    before = oomKills;
  }
  const isOwnCgroup = samples.some(({ job }) => job?.source === 'cgroup');
  const ofJob = isOwnCgroup ? Math.max(0, ofCgroup - all.filter((kill) => kill.ofJob).length) : 0;
  unknown = Math.max(unknown, ofCgroup - all.length, ofJob) - ofJob;
  if (all.length === 0 && unknown === 0 && ofJob === 0) return undefined;
  return {
    ...{ listed: all.slice(0, maxListed), more: Math.max(0, all.length - maxListed), ofJob, unknown },
    ...(jobShareBefore === undefined ? {} : { jobShareBefore }),
  };
}

function jobShare(sample: Sample | undefined): number | undefined {
  const [job, used] = [sample?.job?.memoryBytes, sample?.memory?.usedBytes];
  return isAmount(job) && isAmount(used) && used > 0 ? Math.min(1, job / used) : undefined;
}
