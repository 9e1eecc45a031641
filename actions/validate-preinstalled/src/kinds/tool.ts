import { execute, type Execution } from '@runner-actions/core';
import { executableIdentity } from '../executable-io.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { probeOf, readVersion } from '../probes.ts';
import { findOnPath } from '../search-path-io.ts';
import { judge, type ToolRequirement } from '@runner-actions/manifest';
import type { Finding, Kind } from './kind.ts';

const probeTimeout = 10_000;
const outputLimit = 64 * 1024;

/** A program on PATH, and its version. */
export const tool = {
  async check(requirement, machine) {
    const { name } = requirement;
    const wanted = wantedText(requirement);
    const { environment } = machine.job;
    const [path, ...shadowed] = await findOnPath(name, environment);
    if (path === undefined) {
      const advice = `Install ${name}, or add its folder to PATH.`;
      return { status: 'fail', found: 'nothing on PATH', wanted, advice };
    }
    const execution = await execute([path, ...probeOf(name).arguments], {
      cwd: await machine.emptyFolder(),
      env: probeEnvironment(environment),
      deadline: machine.deadline,
      timeout: probeTimeout,
      limitBytes: outputLimit,
    });
    const shadows =
      shadowed.length === 0 ? {} : { notice: `${path} takes precedence over ${shadowed.join(', ')}.` };
    return { ...judgeVersion(requirement, execution), ...shadows };
  },

  async stateKey({ name }, { job: { environment } }) {
    const [path] = await findOnPath(name, environment);
    // `dotnet --list-sdks` depends on folders, not on the executable.
    return path === undefined || name === 'dotnet' ? undefined : executableIdentity(path, environment);
  },

  wanted: wantedText,
} satisfies Kind<ToolRequirement>;

function wantedText({ ranges, need }: ToolRequirement): string {
  return ranges.map(({ text }) => text).join(need === 'all' ? ' and ' : ' or ');
}

function judgeVersion(requirement: ToolRequirement, execution: Execution): Finding {
  const { name, ranges, prerelease } = requirement;
  const wanted = wantedText(requirement);
  const output = `${execution.stdout}\n${execution.stderr}`;
  const firstLine = output.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
  const broken = (found: string): Finding => ({
    ...{ status: 'error', found, wanted },
    advice: `To find the cause, run '${[name, ...probeOf(name).arguments].join(' ')}' on the runner.`,
  });
  if (execution.status === 'timed-out') return broken('no answer in time');
  if (execution.status === 'not-started')
    return broken(`cannot be started (${execution.error?.code ?? 'unknown'})`);
  if (execution.status === 'signalled') return broken(`killed by ${execution.signal ?? 'a signal'}`);
  if (execution.code === 126 || execution.code === 127) {
    return {
      status: 'fail',
      found: `a shim without an active version (${firstLine})`,
      wanted,
      advice: 'Choose a version in its version manager.',
    };
  }
  const raw = readVersion(probeOf(name), output);
  if (ranges.every(({ any }) => any))
    return { status: 'pass', found: raw ?? 'present, version not read', wanted };
  if (raw === undefined) return broken(`no version in its output (${firstLine})`);
  const verdicts = ranges.map((range) => judge(range, raw, { prerelease }));
  const unread = verdicts.find((verdict) => 'unknown' in verdict);
  if (unread !== undefined) return broken(`${raw}: ${unread.unknown}`);
  if (verdicts.every((verdict) => 'met' in verdict && verdict.met))
    return { status: 'pass', found: raw, wanted };
  const why = verdicts
    .map((verdict) => ('why' in verdict ? verdict.why : undefined))
    .find((one) => one !== undefined);
  const reason = why === undefined ? '' : ` (${why})`;
  return { status: 'fail', found: `${raw}${reason}`, wanted, advice: `Install ${name} ${wanted}.` };
}
