import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '@runner-actions/store';

/**
 * Warnings about Python's virtual environments that are at another place than they were made at: their scripts name the old one
 * in their first line. Source: Python's page "venv", which calls them not movable.
 */
export function movedEnvironmentWarnings({ metadata }: Entry, targets: readonly string[]): string[] {
  return metadata.trees.flatMap(({ from }, index) => {
    const target = targets[index] ?? '';
    if (from === undefined || from === target || !hasVirtualEnvironment(target)) return [];
    return [
      `${target} holds a Python virtual environment that was made at ${from}, which its scripts name. Make it anew, or cache what pip downloads instead.`,
    ];
  });
}

/** In itself, or in a folder of it. */
function hasVirtualEnvironment(target: string): boolean {
  if (existsSync(join(target, 'pyvenv.cfg'))) return true;
  try {
    return readdirSync(target, { withFileTypes: true }).some(
      (entry) => entry.isDirectory() && existsSync(join(target, entry.name, 'pyvenv.cfg')),
    );
  } catch {
    return false;
  }
}
