import { createHash } from 'node:crypto';

/** What the choice of a rollout hangs on. */
interface RolloutSubject {
  repositoryId: string;
  /** Name of the rollout; '' where only a share is given. */
  name: string;
  /** Pull request number, else run id: the same for every attempt, and for every push to a pull request. */
  subject: string;
}

/**
 * A number from 0 to 1 (1 excluded) that is the same for the same subject: a job is in a rollout when this is below its
 * share, so a raised share only adds.
 */
export function rolloutPoint({ repositoryId, name, subject }: RolloutSubject): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([repositoryId, name, subject]))
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
