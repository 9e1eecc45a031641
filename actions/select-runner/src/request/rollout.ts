import { createHash } from 'node:crypto';

/** The values that decide whether a job is in a rollout. */
interface RolloutSubject {
  repositoryId: string;
  /** Name of the rollout; '' if only a share is given. */
  name: string;
  /** The pull request number, otherwise the run id: stable over all attempts and over all pushes to a pull request. */
  subject: string;
}

/**
 * Returns a number from 0 to 1 (1 excluded) that is always the same for the same subject. A job is in a rollout if the
 * number is below the share, so a higher share only adds jobs.
 */
export function rolloutPoint({ repositoryId, name, subject }: RolloutSubject): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([repositoryId, name, subject]))
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
