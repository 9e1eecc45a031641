import { exitFailure, recognisedFailure, type Unknown } from './failure.ts';
import { generalVersion, noVersion } from './general-version.ts';
import { linesOf, plainText, shownLine } from './plain-text.ts';
import type { ToolEntry } from './tool-entry.ts';

/** What a process of the tool left. `code` is null where a signal ended it. */
export interface ToolOutput {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a tool's answer says. `versions` has several where the tool lists several (SDKs), none where it lists none. */
export type Reading = { versions: readonly string[] } | Unknown;

/**
 * Reads a tool's version from its answer. An exit code other than 0 is never a version, unless the tool's entry says that
 * a working tool answers so.
 *
 * @param name The tool's name, as the user writes it
 * @param entry Its entry in the catalogue, if it has one
 */
export function readToolOutput(name: string, entry: ToolEntry | undefined, output: ToolOutput): Reading {
  const [stdout, stderr] = [plainText(output.stdout), plainText(output.stderr)];
  const expected = output.code === 0 || (output.code !== null && entry?.exitCodes?.includes(output.code));
  if (!expected) return exitFailure(output.code, stdout, stderr);
  const streams = [stdout, stderr].filter((_, index) => index !== ignoredStream(entry));
  const version = entry?.pattern === undefined ? undefined : byPattern(entry, entry.pattern, streams);
  if (version !== undefined) return { versions: version };
  if (output.code !== 0) return exitFailure(output.code, stdout, stderr);
  const recognised = recognisedFailure(linesOf(`${stdout}\n${stderr}`), output.code);
  if (recognised !== undefined) return recognised;
  const other = standIn(name, entry, streams);
  if (other !== undefined) return other;
  if (entry?.list === true && streams.join('').trim() === '') return { versions: [] };
  if (entry?.pattern !== undefined) return noVersion(streams.join('\n'));
  return general([name, ...(entry?.names ?? [])], streams);
}

function ignoredStream(entry: ToolEntry | undefined): number | undefined {
  return entry?.stream === undefined ? undefined : entry.stream === 'stdout' ? 1 : 0;
}

function byPattern(entry: ToolEntry, pattern: RegExp, streams: readonly string[]): string[] | undefined {
  for (const text of streams) {
    const found = entry.list === true ? [...text.matchAll(pattern)] : [pattern.exec(text)];
    const versions = found.flatMap((match) => (match?.[1] === undefined ? [] : [match[1]]));
    if (versions.length > 0) return [...new Set(versions)];
  }
  return undefined;
}

/** @returns which other program answered under the tool's name, if one did. */
function standIn(
  name: string,
  entry: ToolEntry | undefined,
  streams: readonly string[],
): Unknown | undefined {
  if (entry?.standIn === undefined) return undefined;
  const { program, pattern } = entry.standIn;
  const version = streams.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  if (version === undefined) return undefined;
  return {
    unknown: `${program} ${shownLine(version)} in place of ${name}`,
    kind: 'stand-in',
    advice: `Install ${name} itself, or require ${program} where that is enough.`,
  };
}

function general(names: readonly string[], streams: readonly string[]): Reading {
  const [first = '', second = ''] = streams;
  const reading = generalVersion(names, first.trim() === '' ? second : first);
  if ('version' in reading) return { versions: [reading.version] };
  if (reading.kind === 'ambiguous' || first.trim() === '' || second.trim() === '') return reading;
  const other = generalVersion(names, second);
  return 'version' in other ? { versions: [other.version] } : reading;
}
