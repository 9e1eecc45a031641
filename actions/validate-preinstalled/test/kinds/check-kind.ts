import { tmpdir } from 'node:os';
import { describeProblem } from '@runner-actions/config';
import { type Job, startDeadline } from '@runner-actions/core';
import { loadManifest, type Requirement } from '@runner-actions/manifest';
import type { Finding } from '../../src/kinds/kind.ts';
import { kindOf } from '../../src/kinds/kinds.ts';
import { openMachine } from '../../src/machine-io.ts';

/**
 * Returns the requirements of a section of a manifest.
 * @throws Error with all problems if the section is invalid
 */
export async function requirementsOf(section: string, part: unknown): Promise<readonly Requirement[]> {
  const text = JSON.stringify({ version: 1, [section]: part });
  const place = { repository: undefined, ref: undefined, path: 'manifest.yml' };
  const loaded = await loadManifest({ read: async () => ({ kind: 'text', text }) }, place);
  if (loaded.kind === 'read') return loaded.manifest.requirements;
  throw new Error(loaded.kind === 'wrong' ? loaded.problems.map(describeProblem).join('\n') : loaded.why);
}

/** A job with nothing but an environment, and its folders. By default its event is trusted. */
export const jobWith = (environment: Job['environment'], eventName = 'push'): Job =>
  ({
    ...{ workspace: tmpdir(), temp: tmpdir(), environment, payload: () => ({}), eventName },
    ...{ repository: {}, runner: {}, engine: 'github' },
  }) as unknown as Job;

/**
 * Checks the first requirement in a section of a manifest.
 * @throws Error if the section is invalid
 */
export async function checkKind(
  section: string,
  part: unknown,
  environment: Job['environment'] = {},
  job = jobWith(environment),
): Promise<Finding> {
  const [requirement] = await requirementsOf(section, part);
  if (requirement === undefined) throw new Error('the section has no requirement');
  const kind = await kindOf(requirement);
  return kind.check(requirement, openMachine(job, startDeadline(60_000)));
}
