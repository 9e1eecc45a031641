import { resolve } from 'node:path';
import { ownValue } from '@runner-actions/core';
import type { EnvRequirement } from '@runner-actions/manifest';
import { matchesWithinLimit } from '../match-regexp.ts';
import { expectOpen } from '../strangers/open-variables.ts';
import { explainPathError, lookAtPath } from '../paths/ask-path-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/**
 * An environment variable of the job. It has no state key: checking it again costs nothing, and a digest of a secret
 * would help to guess the secret.
 */
export const env = {
  check({ name, spec }, machine) {
    const isCompared = [spec.equals, spec.matches, spec.is].some((one) => one !== undefined);
    if (isCompared) expectOpen(name, machine);
    return checkVariable(name, spec, ownValue(machine.job.environment, name), machine);
  },

  mayHoldSecrets: true,
} satisfies Kind<EnvRequirement>;

/** Checks a variable. The finding never contains the value of a secret, nor any value for a stranger. */
async function checkVariable(
  name: string,
  spec: EnvRequirement['spec'],
  value: string | undefined,
  machine: Machine,
): Promise<Finding> {
  const { matches } = spec;
  const isHidden = spec.secret === true || machine.strangersManifest;
  const shown = isHidden ? 'a value' : (value ?? '').slice(0, 80);
  const finding = (met: boolean, found: string, wanted: string): Finding => ({
    ...{ status: met ? 'pass' : 'fail', found, wanted },
    ...(met ? {} : { advice: `Set ${name} for the runner or the job.` }),
  });
  if (spec.set === false) return finding(value === undefined, value === undefined ? 'unset' : 'set', 'unset');
  if (value === undefined) return finding(false, 'unset', 'set');
  if (value === '') return finding(spec.equals === '', 'empty', spec.equals === '' ? 'empty' : 'set');
  if (spec.equals !== undefined && value !== spec.equals)
    return finding(false, shown, spec.secret === true ? 'another value' : spec.equals);
  if (matches !== undefined) {
    const wanted = `/${matches.text}/`;
    const isFit = matchesWithinLimit(matches.value, value, machine.deadline);
    if (isFit === undefined)
      return { status: 'error', found: 'a pattern that takes too long to match', wanted };
    if (!isFit) return finding(false, shown, wanted);
  }
  // Do not show a value that was not compared, because users forget to set `secret`.
  if (spec.is === undefined)
    return finding(true, spec.equals === undefined && matches === undefined ? 'set' : shown, 'set');
  const entry = await lookAtPath(resolve(machine.job.workspace, value), machine).catch(explainPathError);
  if ('found' in entry)
    // The message may contain the value.
    return isHidden
      ? { status: 'error', found: 'a path that cannot be read', wanted: spec.is }
      : { status: 'error', wanted: spec.is, ...entry };
  const { there } = entry;
  const kind = there === 'directory' || there === 'file' ? there : 'neither file nor directory';
  return finding(kind === spec.is, `${shown} (${kind})`, spec.is);
}
