import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { readFolder } from './read-folder-io.ts';

/** The versions of a tool in the tool cache. */
export interface CachedTool {
  folder: string;
  /** Versions for this machine's architecture, complete. */
  versions: readonly string[];
  /** Versions whose installation did not finish: their mark `ARCH.complete` is missing. */
  incomplete: readonly string[];
  /** Versions for other architectures only. */
  foreign: readonly string[];
  /** Names in the cache that differ only in upper and lower case. */
  similar: readonly string[];
}

/**
 * Returns the folder of the tool cache. Tools look at `AGENT_TOOLSDIRECTORY` first, which hosted images set
 * (actions/setup-python, docs/advanced-usage.md), then at `RUNNER_TOOL_CACHE`.
 */
export function toolCacheFolder(environment: Record<string, string | undefined>): string | undefined {
  const [set] = [environment['AGENT_TOOLSDIRECTORY'], environment['RUNNER_TOOL_CACHE']].filter(
    (path) => path !== undefined && path !== '',
  );
  return set;
}

/** Finds the versions of a tool: folders `NAME/VERSION/ARCH`, each with a file `ARCH.complete` (`@actions/tool-cache`). */
export async function readCachedTool(
  root: string,
  name: string,
  architecture: string,
): Promise<CachedTool | { unknown: string }> {
  const folder = join(root, name);
  const [tools, listed] = await Promise.all([readFolder(root), readFolder(folder)]);
  if ('unknown' in tools) return tools;
  if ('unknown' in listed) return listed;
  const others = 'names' in tools ? tools.names : [];
  const similar = others.filter((one) => one !== name && one.toLowerCase() === name.toLowerCase());
  const known: Record<'versions' | 'incomplete' | 'foreign', string[]> = {
    versions: [],
    incomplete: [],
    foreign: [],
  };
  for (const version of 'names' in listed ? listed.names : []) {
    const state = await stateOf(join(folder, version), architecture);
    if (state !== undefined) known[state].push(version);
  }
  return { folder, ...known, similar };
}

async function stateOf(
  folder: string,
  architecture: string,
): Promise<'versions' | 'incomplete' | 'foreign' | undefined> {
  const inside = await readFolder(folder);
  if (!('names' in inside)) return undefined;
  const isThere = await isFolder(join(folder, architecture));
  if (isThere) return inside.names.includes(`${architecture}.complete`) ? 'versions' : 'incomplete';
  const others = inside.names.filter((one) => inside.names.includes(`${one}.complete`));
  return others.length > 0 ? 'foreign' : undefined;
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
