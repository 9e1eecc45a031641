import { judge, type ToolRequirement } from '@runner-actions/manifest';
import type { Finding, Machine } from '../kinds/kind.ts';
import { execWithinLimit } from '../match-regexp.ts';
import { findOnPath } from '../search-path-io.ts';
import { runOwnCommand } from './ask-tool-io.ts';

/**
 * Checks a tool by the manifest's own command. It runs without a shell and without the job's secrets, and only if the
 * workflow allows it and the event is trusted.
 */
export async function checkOwnCommand(
  { name, ranges, match, prerelease }: ToolRequirement,
  command: readonly string[],
  machine: Machine,
): Promise<Finding> {
  const [range] = ranges;
  const wanted = range?.text ?? 'latest';
  if (!machine.allowCommands) {
    const advice = machine.trusted
      ? "Set the input 'allow-commands' to true, if you trust who can change the manifest."
      : 'It never runs for an untrusted event, such as a pull request from a fork.';
    return { status: 'error', found: "a command of the manifest's own, which was not run", wanted, advice };
  }
  const [program = '', ...given] = command;
  const path = /[/\\]/.test(program) ? program : (await findOnPath(program, machine.job.environment))[0];
  const missing = {
    status: 'fail' as const,
    found: `no ${program} on PATH`,
    wanted,
    advice: `Install ${name}.`,
  };
  if (path === undefined) return missing;
  const { status, code, stdout, stderr } = await runOwnCommand([path, ...given], machine);
  const advice = `To find the cause, run '${command.join(' ')}' on the runner.`;
  const line = `${stdout}\n${stderr}`.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
  const broken = (found: string): Finding => ({
    status: 'error',
    found: `${found} (${line})`,
    wanted,
    advice,
  });
  if (status === 'not-started') return { ...missing, found: `${program}, which cannot be started` };
  if (status !== 'exited' || code !== 0) return broken(status === 'exited' ? `exit code ${code}` : status);
  const version = versionIn(match?.value ?? /(?<![\w.])v?(\d+(?:\.\d\w*){1,9})/, `${stdout}\n${stderr}`);
  if (range === undefined || range.any) return { status: 'pass', found: version ?? 'present', wanted };
  if (version === undefined) return broken('no version in its output');
  const verdict = judge(range, version, { prerelease });
  if ('unknown' in verdict) return broken(verdict.unknown);
  const found = verdict.why === undefined ? version : `${version} (${verdict.why})`;
  if (verdict.met) return { status: 'pass', found, wanted };
  return {
    status: 'fail',
    found,
    wanted: `${wanted}, ${verdict.rule}`,
    advice: `Install ${name} ${wanted}.`,
  };
}

/** Returns the first group of the first match, or the whole match of a pattern without groups. */
function versionIn(pattern: RegExp, output: string): string | undefined {
  const found = execWithinLimit(pattern, output.slice(0, 64 * 1024));
  return found?.[1] ?? found?.[0];
}
