import { formatBytes, quote } from '@runner-actions/core';
import type { Kills } from '../figures/kills.ts';

/** Describes what the kernel killed, as plain text: first this job's processes, then others', then the unknown. */
export function killSentences(kills: Kills | undefined): string[] {
  if (kills === undefined) return [];
  const { listed, more, ofJob: inCgroup, unknown, jobShareBefore } = kills;
  const described = [true, false].flatMap((ofJob) => {
    const names = new Set(listed.filter((kill) => kill.ofJob === ofJob).map(({ name }) => name));
    return [...names].map((name) => {
      const same = listed.filter((kill) => kill.ofJob === ofJob && kill.name === name);
      const bytes = same.reduce((most, { memoryBytes = 0 }) => Math.max(most, memoryBytes), 0);
      const times = same.length === 1 ? '' : ` ${same.length} times`;
      const size = bytes === 0 ? '' : ` (${formatBytes(bytes)})`;
      const whose = ofJob ? 'a process of this job' : 'not a process of this job';
      return `The kernel killed ${quote(name)}${size}${times} because memory ran out. It was ${whose}.`;
    });
  });
  if (more > 0) described.push(`The kernel killed ${more} more process(es) because memory ran out.`);
  if (inCgroup > 0)
    described.push(`The kernel killed ${inCgroup} process(es) of this job because memory ran out.`);
  if (unknown === 0) return described;
  const share =
    jobShareBefore === undefined
      ? ''
      : ` Just before, this job had ${(jobShareBefore * 100).toFixed(0)} % of the memory in use.`;
  return [
    ...described,
    `The kernel killed ${unknown}${described.length > 0 ? ' more' : ''} process(es) because memory ran out. Whether they were this job's is unknown.${share}`,
  ];
}
