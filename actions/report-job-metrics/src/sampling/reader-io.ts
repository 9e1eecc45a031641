import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GpuUse,
  isUnknown,
  type Kernel,
  type PortableReading,
  portableCounters,
  readKills,
  watchGpus,
} from '@runner-actions/host';
import { type JobReader, openJobUse } from './job-use-io.ts';
import type { Kill, Sample, SampledGpu } from './sample.ts';
import { monotonicNow, openMachine, withoutUndefined } from './sample-io.ts';
import type { SamplerSettings } from './series-files.ts';

/** Takes samples with all that a long-lived process can tell. */
export interface SampleReader {
  read(): Promise<Sample>;
  /** Ends the programs that it started. */
  close(): void;
}

/** Number of different notes that a series may have. A note can be the text of a program. */
const maxNotes = 8;

/** Opens the counters of the machine, of the job itself, and of GPUs. */
export function openReader(
  { paths, place = {}, interval }: Pick<SamplerSettings, 'paths' | 'place' | 'interval'>,
  kernel: Kernel = {},
): SampleReader {
  const machine = openMachine(paths, kernel);
  const job = openJobUse(place, kernel);
  const gpus = hasNvidia(kernel) ? watchGpus({ program: 'nvidia-smi', interval }) : undefined;
  const portable = portableCounters(kernel.platform ?? process.platform, interval);
  const readKilled = killReader(job, kernel);
  const told = new Set<string>();
  return {
    async read() {
      const ofMachine = await machine.read();
      const sample: Sample = {
        ...ofMachine,
        ...portablePart(portable?.read()),
        ...job.read(ofMachine.cgroup),
        ...gpuPart(gpus?.latest()?.gpus),
      };
      const notes = [...job.notes(), ...machine.notes(), gpus?.note(), portable?.note()].filter(
        (note) => note !== undefined,
      );
      const fresh = [...new Set(notes)].filter((note) => !told.has(note)).slice(0, maxNotes - told.size);
      for (const note of fresh) told.add(note);
      return { ...sample, ...readKilled(sample.oomKills), ...(fresh.length > 0 ? { notes: fresh } : {}) };
    },
    close() {
      gpus?.close();
      portable?.close();
    },
  };
}

/** Whether there is a driver of NVIDIA's GPUs: on Linux, in a virtual machine of Windows, or on Windows. */
function hasNvidia({ root = '/', platform = process.platform }: Kernel): boolean {
  return platform === 'win32' || ['dev/nvidiactl', 'dev/dxg'].some((path) => existsSync(join(root, path)));
}

function gpuPart(gpus: readonly GpuUse[] | undefined): { gpus?: SampledGpu[] } {
  if (gpus === undefined) return {};
  return {
    gpus: gpus.map(({ index, name, computeRatio, memoryUsedBytes, memoryTotalBytes }) => ({
      ...{ index, name },
      ...withoutUndefined({ use: computeRatio, usedBytes: memoryUsedBytes, totalBytes: memoryTotalBytes }),
    })),
  };
}

function portablePart(reading: PortableReading | undefined): Partial<Sample> {
  if (reading === undefined) return {};
  const { memory, network, disk } = reading;
  return withoutUndefined({
    memory,
    network,
    // macOS tells only the sum of both.
    diskTraffic: disk !== undefined && 'readBytes' in disk ? disk : undefined,
  });
}

/** Reads the kernel log where the number of killed processes rose. Most users may not read it. */
function killReader(job: JobReader, kernel: Kernel): (count: number | undefined) => { kills?: Kill[] } {
  let before: number | undefined;
  // The clock of the log is that of the samples.
  let since = monotonicNow() / 1000;
  return (count) => {
    const rose = count !== undefined && before !== undefined && count > before;
    [before] = [count];
    const found = rose ? readKills(since, kernel) : { kills: [] };
    since = monotonicNow() / 1000;
    if (isUnknown(found) || found.kills.length === 0) return {};
    return {
      kills: found.kills.map(({ name, pid, anonymousBytes }) => ({
        ...{ name, ofJob: job.isMember(pid) },
        ...(anonymousBytes === undefined ? {} : { memoryBytes: anonymousBytes }),
      })),
    };
  };
}
