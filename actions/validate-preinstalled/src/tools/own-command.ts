import type { Execution } from '@runner-actions/core';
import { judge, type ToolRequirement } from '@runner-actions/manifest';
import type { Finding, Machine } from '../kinds/kind.ts';
import { findOnPath } from '../search-path-io.ts';
import { runOwnCommand } from './ask-tool-io.ts';
import { readOwnOutput } from './own-output.ts';

/**
 * Checks a tool by the manifest's own command. It runs without a shell and without the job's secrets, and only if the
 * workflow allows it and the event is trusted.
 */
export async function checkOwnCommand(
  requirement: ToolRequirement,
  command: readonly string[],
  machine: Machine,
): Promise<Finding> {
  const { name, ranges } = requirement;
  const wanted = ranges[0]?.text ?? 'latest';
  if (!machine.allowCommands) {
    const advice = machine.howToAllow;
    return { status: 'error', found: "a command of the manifest's own, which was not run", wanted, advice };
  }
  const [program = '', ...given] = command;
  const path = /[/\\]/.test(program) ? program : (await findOnPath(program, machine.job.environment))[0];
  const missing = { status: 'fail', wanted, advice: `Install ${name}.` } as const;
  if (path === undefined) return { ...missing, found: `no ${program} on PATH` };
  const output = await runOwnCommand([path, ...given], machine);
  if (output.status === 'not-started') return { ...missing, found: `${program}, which cannot be started` };
  return judgeOutput(requirement, command, output, machine);
}

function judgeOutput(
  requirement: ToolRequirement,
  command: readonly string[],
  output: Execution,
  { deadline }: Machine,
): Finding {
  const { name, ranges, prerelease } = requirement;
  const [range] = ranges;
  const { status, code, stdout, stderr } = output;
  const wanted = range?.text ?? 'latest';
  const broken = (found: string): Finding => {
    const advice = `To find the cause, run '${command.join(' ')}' on the runner.`;
    return { status: 'error', found, wanted, advice };
  };
  if (status !== 'exited' || code !== 0) {
    const line = `${stdout}\n${stderr}`.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
    return broken(`${status === 'exited' ? `exit code ${code}` : status} (${line})`);
  }
  const read = readOwnOutput(requirement, command[0] ?? '', output, deadline);
  if (range === undefined || range.any)
    return { status: 'pass', found: 'version' in read ? read.version : 'present', wanted };
  if ('unknown' in read) return broken(read.unknown);
  const { version } = read;
  const verdict = judge(range, version, { prerelease });
  if ('unknown' in verdict) return broken(`${version}: ${verdict.unknown}`);
  const found = verdict.why === undefined ? version : `${version} (${verdict.why})`;
  if (verdict.met) return { status: 'pass', found, wanted };
  const advice = `Install ${name} ${wanted}.`;
  return { status: 'fail', found, wanted: `${wanted}, ${verdict.rule}`, advice };
}
