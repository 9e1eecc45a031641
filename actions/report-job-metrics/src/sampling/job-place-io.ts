import { type Kernel, type ProcessIdentity, readProcess, workerAbove } from '@runner-actions/host';

/** What tells the processes of a job from others, as the step that starts the sampler knows it. */
export interface JobPlace {
  trackingId?: string;
  /** The runner's worker, which ends with the job; or else the process that starts the steps. */
  parent?: ProcessIdentity & { isWorker: boolean };
}

/** Finds this job's place. Call it in a step of the job, whose ancestors show it. */
export function jobPlace(trackingId: string | undefined, kernel: Kernel = {}): JobPlace {
  const worker = workerAbove(kernel);
  const parent = readProcess(worker ?? process.ppid, kernel);
  return {
    ...(trackingId ? { trackingId } : {}),
    ...(parent === undefined
      ? {}
      : { parent: { pid: parent.pid, startTime: parent.startTime, isWorker: worker !== undefined } }),
  };
}
