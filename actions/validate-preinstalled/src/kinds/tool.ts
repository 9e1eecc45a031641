import * as v from 'valibot';
import { execute, type Execution } from '@runner-actions/core';
import { executableIdentity } from '../executable-io.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { probeOf, readVersion } from '../probes.ts';
import { findOnPath } from '../search-path-io.ts';
import { isAny, parseRange, parseVersion, type Range, satisfies } from '../version.ts';
import { type Finding, type Kind, severity, type ParsedText, parsedText } from './kind.ts';

interface ToolRequirement {
  kind: 'tool';
  name: string;
  range: ParsedText<Range>;
  prerelease: boolean;
}

const range = parsedText(parseRange, 'a range such as 20, ^20, >=20 <25 or latest');
const spec = v.strictObject({
  version: v.optional(range, 'latest'),
  severity: v.optional(severity),
  prerelease: v.optional(v.boolean(), false),
});
const bare = v.pipe(
  range,
  v.transform((version) => ({ version, severity: undefined, prerelease: false })),
);

const probeTimeout = 10_000;
const outputLimit = 64 * 1024;

/** A program on PATH, and its version. */
export const tool = {
  schema: v.pipe(
    v.record(v.string(), v.union([bare, spec])),
    v.transform((tools) =>
      Object.entries(tools).map(([name, { version, severity, prerelease }]) => ({
        requirement: { kind: 'tool' as const, name, range: version, prerelease },
        at: ['tools', name],
        severity,
      })),
    ),
  ),

  async check(requirement, machine) {
    const { name, range } = requirement;
    const { environment } = machine.job;
    const [path, ...shadowed] = await findOnPath(name, environment);
    if (path === undefined) {
      const advice = `Install ${name}, or add its folder to PATH.`;
      return { status: 'fail', found: 'nothing on PATH', wanted: range.text, advice };
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

  wanted: ({ range }) => range.text,
} satisfies Kind<ToolRequirement>;

function judgeVersion({ name, range, prerelease }: ToolRequirement, execution: Execution): Finding {
  const wanted = range.text;
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
  const version = raw === undefined ? undefined : parseVersion(raw);
  if (isAny(range.value)) return { status: 'pass', found: raw ?? 'present, version not read', wanted };
  if (raw === undefined || version === undefined) return broken(`no version in its output (${firstLine})`);
  if (satisfies(version, range.value, prerelease)) return { status: 'pass', found: raw, wanted };
  const reason = version.prerelease && !prerelease ? ' (a pre-release)' : '';
  return { status: 'fail', found: `${raw}${reason}`, wanted, advice: `Install ${name} ${wanted}.` };
}
