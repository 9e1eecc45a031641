import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './job.ts';
import { makeReportFolder } from './report.ts';
import type { Step } from './step.ts';

/**
 * Shows a warning that several actions of a job may have, such as one about the configuration that all of them read.
 * The first step annotates it, and later ones only log it. A file in the runner's temp folder remembers it; if that
 * fails, the step annotates.
 */
export async function warnOnce(step: Pick<Step, 'annotate' | 'log' | 'job'>, message: string): Promise<void> {
  if (await isKnown(step.job, message))
    step.log.info(`${message} An earlier step of this job has the same warning.`);
  else step.annotate('warning', message);
}

/** Whether a step of this job has called this with the same text before. Numbers of seconds may differ. */
async function isKnown(job: Job, message: string): Promise<boolean> {
  try {
    const { createHash } = await import('node:crypto');
    const text = message.replaceAll(/\b\d+ s\b/g, '');
    const subject = [job.trackingId, job.runId, job.runAttempt, job.name, text];
    const digest = createHash('sha256').update(JSON.stringify(subject)).digest('hex');
    const folder = join(job.temp, 'runner-actions');
    await makeReportFolder(folder);
    return !(await createOwn(join(folder, `warned-${digest.slice(0, 32)}`)));
  } catch {
    return false;
  }
}

/** Creates an empty file. @returns false if this user has created it before @throws Error if the path is taken */
async function createOwn(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const stats = await lstat(path);
    if (stats.isFile() && (process.getuid === undefined || stats.uid === process.getuid())) return false;
    throw error;
  }
}
