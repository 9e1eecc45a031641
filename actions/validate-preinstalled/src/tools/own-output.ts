import { basename } from 'node:path';
import type { Deadline, Execution } from '@runner-actions/core';
import { readToolOutput, toolNamed, type ToolRequirement } from '@runner-actions/manifest';
import { execWithinLimit } from '../match-regexp.ts';

type Output = Pick<Execution, 'code' | 'stdout' | 'stderr' | 'truncated'>;

/** Characters of an output in which a pattern of the manifest searches. */
const maxText = 64 * 1024;

/**
 * Reads the version in the output of the manifest's own command: by `match` of the manifest, else on the tool's own line,
 * where two versions that would do are none.
 * @param program the program of the command, whose name may be another than the tool's
 */
export function readOwnOutput(
  { name, match }: Pick<ToolRequirement, 'name' | 'match'>,
  program: string,
  output: Output,
  deadline: Deadline,
): { version: string } | { unknown: string } {
  if (match !== undefined) return byRule(match.value, `${output.stdout}\n${output.stderr}`, deadline);
  if (output.truncated) return { unknown: 'more output than 64 KiB' };
  // An interpreter is not the tool, and may print its own version.
  const own = basename(program);
  const names = [name, ...(toolNamed(own) === undefined ? [own] : [])] as [string, ...string[]];
  const read = readToolOutput(name, { names }, output);
  if ('unknown' in read) return { unknown: `${read.unknown}; state with 'match' which one counts` };
  const [version] = read.versions;
  return version === undefined ? { unknown: 'no version in its output' } : { version };
}

/** Reads the first group of the first match, or the whole match of a pattern without groups. */
function byRule(pattern: RegExp, text: string, deadline: Deadline): ReturnType<typeof readOwnOutput> {
  const found = execWithinLimit(pattern, text.slice(0, maxText), deadline);
  if (found === undefined) return { unknown: 'a pattern that takes too long to match' };
  const version = found?.[1] ?? found?.[0];
  return version === undefined ? { unknown: "nothing in its output that fits 'match'" } : { version };
}
