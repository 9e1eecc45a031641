import type { Kernel } from '@runner-actions/host';
import { openJobUse } from './job-use-io.ts';
import type { Sample } from './sample.ts';
import { openMachine } from './sample-io.ts';
import type { SamplerSettings } from './series-files.ts';

/** Opens all that a sample holds: the counters of the machine, and those of the job itself. */
export function openReader(
  { paths, place = {} }: Pick<SamplerSettings, 'paths' | 'place'>,
  kernel: Kernel = {},
): () => Promise<Sample> {
  const machine = openMachine(paths, kernel);
  const job = openJobUse(place, kernel);
  let notes = job.notes;
  return async () => {
    const sample = { ...(await machine.read()), ...job.read(), ...(notes.length > 0 ? { notes } : {}) };
    notes = [];
    return sample;
  };
}
