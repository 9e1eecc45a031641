import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { execute } from '@runner-actions/core';
import { isInside } from '@runner-actions/host';
import { type FeatureRequirement, judge } from '@runner-actions/manifest';
import type { Finding, Machine } from '../kinds/kind.ts';
import type { Remedy } from '../machine-facts/packages/install-command.ts';
import { probeEnvironment } from '../probe-environment.ts';

/** Milliseconds for the check of a feature, and bytes of its output that are kept. */
const limits = { timeout: 30_000, bytes: 64 * 1024 };

/**
 * Asks the program `check` of a feature of the team's own. Exit code 0: it is there, and the version is the first in its
 * output. Exit code 1: it is not. Any other is an error. It runs without a shell and without the job's secrets, only if
 * the workflow allows it and the event is trusted.
 */
export async function checkOwnFeature(
  requirement: FeatureRequirement,
  folder: string,
  machine: Machine,
): Promise<Finding> {
  const { range } = requirement;
  const wanted = range.text;
  if (!machine.allowCommands) {
    const advice = machine.howToAllow;
    return {
      status: 'error',
      found: "a feature of the repository's own, which was not asked",
      wanted,
      advice,
    };
  }
  const real = await realpath(folder).catch(() => undefined);
  const workspace = await realpath(machine.job.workspace).catch(() => machine.job.workspace);
  if (real === undefined || !isInside(real, workspace)) {
    const found = `no folder ${requirement.path ?? ''} in the checkout`;
    return { status: 'error', found, wanted, advice: 'Check out the repository before this step.' };
  }
  const env = featureEnvironment(requirement, machine);
  const { deadline } = machine;
  const asked = await execute([join(real, 'check')], {
    ...{ cwd: real, env, deadline, timeout: limits.timeout, limitBytes: limits.bytes },
  });
  const line = `${asked.stdout}\n${asked.stderr}`.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
  const advice = `Run ${join(requirement.path ?? '', 'check')} on the runner.`;
  if (asked.status === 'not-started')
    return { status: 'error', found: `check cannot be started (${asked.error?.code})`, wanted, advice };
  if (asked.status !== 'exited' || (asked.code !== 0 && asked.code !== 1)) {
    const how = asked.status === 'exited' ? `exit code ${asked.code}` : asked.status;
    return { status: 'error', found: `${how} (${line})`, wanted, advice };
  }
  const remedy: Remedy = { by: 'feature', command: [join(real, 'install')], packages: [] };
  const missing = { remedy, advice: `Install it: ${join(requirement.path ?? '', 'install')}` };
  if (asked.code === 1) return { status: 'fail', found: line || 'not there', wanted, ...missing };
  const version = /(?<![\w.])v?(\d+(?:\.\d\w*){1,9})/.exec(asked.stdout)?.[1];
  if (range.any) return { status: 'pass', found: version ?? 'there', wanted };
  if (version === undefined) return { status: 'error', found: `no version (${line})`, wanted, advice };
  const verdict = judge(range, version);
  if ('unknown' in verdict) return { status: 'error', found: verdict.unknown, wanted, advice };
  return verdict.met
    ? { status: 'pass', found: version, wanted }
    : { status: 'fail', found: version, wanted: `${wanted}, ${verdict.rule}`, ...missing };
}

/** What the programs of a feature get beside the environment of every probe. */
export function featureEnvironment(
  { name, range, options }: FeatureRequirement,
  { job, facts }: Pick<Machine, 'job' | 'facts'>,
): Record<string, string | undefined> {
  const given = Object.entries(options).map(([key, text]) => [`FEATURE_OPTION_${key.toUpperCase()}`, text]);
  return {
    ...probeEnvironment(job.environment),
    ...{ FEATURE_NAME: name, FEATURE_VERSION: range.text, FEATURE_OS: facts.os, FEATURE_ARCH: facts.arch },
    ...Object.fromEntries(given),
  };
}
