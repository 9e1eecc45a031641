import type { Execution } from '@runner-actions/core';
import { probeOf, readVersion } from './probes.ts';
import type { Finding } from './requirement.ts';
import { parseRange, parseVersion, satisfies } from './version.ts';

/** What the machine says about one tool. */
export interface ToolFacts {
  /** All copies on PATH, the one that runs first. */
  copies: readonly string[];
  /** `undefined` when there is no copy. */
  execution: Execution | undefined;
}

export function judgeTool(name: string, wanted: string, prerelease: boolean, facts: ToolFacts): Finding {
  const [path, ...shadowed] = facts.copies;
  if (path === undefined || facts.execution === undefined) {
    return {
      status: 'fail',
      found: 'not on PATH',
      wanted,
      advice: `Install ${name}, or add its folder to PATH.`,
    };
  }
  const shadows = shadowed.length === 0 ? {} : { notice: `${path} hides ${shadowed.join(', ')}.` };
  return { ...judgeOutput(name, wanted, prerelease, facts.execution), ...shadows };
}

function judgeOutput(name: string, wanted: string, prerelease: boolean, execution: Execution): Finding {
  const range = parseRange(wanted) ?? [];
  const output = `${execution.stdout}\n${execution.stderr}`;
  const firstLine = output.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
  const broken = (found: string): Finding => ({
    ...{ status: 'error', found, wanted },
    advice: `Run '${[name, ...probeOf(name).arguments].join(' ')}' on the runner to see why.`,
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
  if (range.some((comparators) => comparators.length === 0)) {
    return { status: 'pass', found: raw ?? 'present, version not read', wanted };
  }
  if (raw === undefined || version === undefined) return broken(`no version in its output (${firstLine})`);
  if (satisfies(version, range, prerelease)) return { status: 'pass', found: raw, wanted };
  const reason = version.prerelease && !prerelease ? ' (a pre-release)' : '';
  return { status: 'fail', found: `${raw}${reason}`, wanted, advice: `Install a ${name} that is ${wanted}.` };
}
