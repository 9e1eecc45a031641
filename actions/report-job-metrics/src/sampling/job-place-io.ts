import {
  isUnknown,
  type Kernel,
  type ProcessIdentity,
  readProcess,
  runningHelpers,
  workerAbove,
} from '@runner-actions/host';

/** What tells the processes of a job from others, as the step that starts the sampler knows it. */
export interface JobPlace {
  trackingId?: string;
  /** The runner's worker, which ends with the job; or else the process that starts the steps. */
  parent?: ProcessIdentity & { isWorker: boolean };
  /** Pids of samplers that started before, such as that of the machine's hooks. They are not the job's. */
  helpers?: number[];
}

/**
 * Finds this job's place. Call it in a step of the job, whose ancestors show it.
 * @param temp the runner's temp folder
 */
export function jobPlace(trackingId: string | undefined, temp = '', kernel: Kernel = {}): JobPlace {
  const running = temp === '' ? [] : runningHelpers(temp);
  const helpers = isUnknown(running) ? [] : running.map(({ pid }) => pid);
  const worker = workerAbove(kernel);
  const parent = readProcess(worker ?? process.ppid, kernel);
  return {
    ...(trackingId ? { trackingId } : {}),
    ...(helpers.length > 0 ? { helpers } : {}),
    ...(parent === undefined
      ? {}
      : { parent: { pid: parent.pid, startTime: parent.startTime, isWorker: worker !== undefined } }),
  };
}
