import type { NamedUse, Sample } from '../sampling/sample.ts';
import { validItems } from './valid-items.ts';

/** What processes of one name used over the whole job. */
export interface ProcessUse {
  /** Text that the job chose. */
  name: string;
  cpuSeconds: number;
  /** Most anonymous memory at a sample, of all processes with this name. */
  memoryPeakBytes: number;
}

/** How many names are kept at a time. Names are the job's choice, so there may be any number of them. */
const maxNames = 500;

/**
 * Returns the heaviest processes by name: those with the largest share of the CPU time or of the memory of all of them.
 * A process that no sample names among its heaviest is left out.
 */
export function heaviestProcesses(samples: readonly Sample[], most = 5): ProcessUse[] {
  const byName = new Map<string, ProcessUse>();
  for (const { job } of samples) {
    for (const { name, cpuSeconds, memoryBytes } of validItems<NamedUse>(job?.heaviest, {
      texts: ['name'],
      numbers: ['cpuSeconds', 'memoryBytes'],
    })) {
      const known = byName.get(name) ?? { name, cpuSeconds: 0, memoryPeakBytes: 0 };
      byName.set(name, {
        ...{ name, cpuSeconds: known.cpuSeconds + cpuSeconds },
        memoryPeakBytes: Math.max(known.memoryPeakBytes, memoryBytes),
      });
    }
    if (byName.size > maxNames) {
      const light = sortByWeight([...byName.values()]).slice(maxNames / 2);
      for (const { name } of light) byName.delete(name);
    }
  }
  return sortByWeight([...byName.values()]).slice(0, most);
}

function sortByWeight(all: readonly ProcessUse[]): ProcessUse[] {
  const cpu = all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) || 1;
  const memory = all.reduce((sum, { memoryPeakBytes }) => sum + memoryPeakBytes, 0) || 1;
  const weight = ({ cpuSeconds, memoryPeakBytes }: ProcessUse): number =>
    Math.max(cpuSeconds / cpu, memoryPeakBytes / memory);
  return all.toSorted((a, b) => weight(b) - weight(a) || (a.name < b.name ? -1 : 1));
}
