import { commandsOf, toolNamed, tools, type ToolEntry } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { listSearchPath } from '../search-path-io.ts';
import { askTool } from '../tools/ask-tool-io.ts';
import { copiesOnPath } from '../tools/copies-io.ts';
import { exactRange } from './exact-range.ts';
import type { Section } from './section.ts';
import { byCharacters, inline, keyText } from './yaml.ts';

type Found = { name: string; range: string | readonly string[] } | { name: string; unknown: string };

/** Finds the tools on PATH that the catalogue knows, and asks each for its version. */
export async function toolsSection(machine: Machine, concurrency: number): Promise<Section> {
  const names = await namesOnPath(machine);
  const found: Found[] = [];
  const queue = names.values();
  const work = async (): Promise<void> => {
    for (const name of queue) found.push(await readTool(name, machine));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  found.sort((one, other) => byCharacters(one.name, other.name));
  return {
    name: 'tools',
    lines: found.flatMap((one) => ('range' in one ? [`  ${keyText(one.name)}: ${inline(one.range)}`] : [])),
    // The command of another tool, such as `ldd` for musl, does not show that this one is there.
    notes: found.flatMap((one) =>
      'unknown' in one && toolNamed(one.name)?.command === undefined
        ? [`tool ${one.name}: ${one.unknown}`]
        : [],
    ),
  };
}

async function namesOnPath({ job }: Machine): Promise<string[]> {
  const { names } = await listSearchPath(job.environment);
  const there = new Set(names.map((name) => (process.platform === 'win32' ? withoutExtension(name) : name)));
  return tools.flatMap((entry) => nameOf(entry, there) ?? []);
}

/** A tool has one entry in a snapshot: under the first of its names that is a command here. */
function nameOf({ names, command }: ToolEntry, there: ReadonlySet<string>): string | undefined {
  if (command !== undefined) return there.has(command) ? names[0] : undefined;
  return names.find((name) => there.has(name) && commandsOf(name)[0] === name);
}

const withoutExtension = (name: string): string => name.replace(/\.[^.]*$/, '').toLowerCase();

async function readTool(name: string, machine: Machine): Promise<Found> {
  try {
    const [path] = await copiesOnPath(name, machine);
    if (path === undefined) return { name, unknown: 'not executable' };
    const entry = toolNamed(name);
    const answer = await askTool(name, entry, path, machine);
    if ('broken' in answer) return { name, unknown: answer.broken };
    if ('unknown' in answer)
      return answer.kind === 'no-version' ? { name, range: 'latest' } : { name, unknown: answer.unknown };
    return { name, ...rangesOf(answer.versions, entry) };
  } catch (error) {
    return { name, unknown: error instanceof Error ? error.message : 'cannot be asked' };
  }
}

/** A version that the tool's scheme cannot read only says that the tool is there. */
function rangesOf(
  versions: readonly string[],
  entry: ToolEntry | undefined,
): { range: string | readonly string[] } | { unknown: string } {
  const scheme = entry?.scheme ?? 'semver';
  const ranges = [...new Set(versions.map((version) => exactRange(version, scheme) ?? 'latest'))].sort(
    byCharacters,
  );
  const [first] = ranges;
  if (first === undefined) return { unknown: 'no version installed' };
  return { range: ranges.length === 1 ? first : ranges };
}
