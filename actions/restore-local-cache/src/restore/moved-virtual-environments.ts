import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '@runner-actions/store';

/**
 * Returns a warning for each Python virtual environment that was created at another path: its scripts contain the old
 * path in their first line. Source: Python's page "venv", which says that environments cannot be moved.
 */
export function movedEnvironmentWarnings({ metadata }: Entry, targets: readonly string[]): string[] {
  return metadata.trees.flatMap(({ from }, index) => {
    const target = targets[index] ?? '';
    if (from === undefined || from === target || !hasVirtualEnvironment(target)) return [];
    return [
      `${target} contains a Python virtual environment that was created at ${from}. Its scripts still use that path. Create it again, or cache pip's downloads instead.`,
    ];
  });
}

/** Looks in the target and in the folders directly below it. */
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
