import type { FileProbe } from './tool-entry.ts';

/** A file that matches a probe's path. */
export interface FoundFile {
  /** Its path, with `/` between the segments. */
  path: string;
  /** Its text, at most 64 KiB of it. Not needed for a probe that reads the path. */
  content?: string;
}

/** @returns whether the probe needs the text of the files. */
export function readsContent(probe: FileProbe): boolean {
  return probe.content !== undefined || probe.holds !== undefined;
}

/** @returns the version that one file tells, or undefined where it tells none; then the command is asked. */
export function readToolFile(probe: FileProbe, { path, content = '' }: FoundFile): string | undefined {
  if (probe.holds !== undefined && !content.includes(probe.holds)) return undefined;
  const found = probe.name === undefined ? probe.content?.exec(content) : probe.name.exec(path);
  return found?.[1];
}

/**
 * @returns the versions that the files of a probe tell. Without `list`, files that tell different versions tell nothing:
 * a folder with two versions of a package does not say which of them runs.
 */
export function readToolFiles(
  probe: FileProbe,
  files: readonly FoundFile[],
  list = false,
): readonly string[] {
  const read = files.flatMap((file) => readToolFile(probe, file) ?? []);
  const versions = [...new Set(read)];
  return list || versions.length === 1 ? versions : [];
}

/**
 * Returns what a script asks for in its first line, such as `['/usr/bin/env', 'node']`; undefined for a program. A version
 * that stands in a file is worth nothing where the interpreter is gone, so who reads the file looks for it first.
 *
 * @param start The first bytes of the executable, as text
 */
export function interpreterOf(start: string): readonly string[] | undefined {
  if (!start.startsWith('#!')) return undefined;
  const [line = ''] = start.slice(2, 1000).split('\n', 1);
  return line.split(/\s/).filter((word) => word !== '');
}
