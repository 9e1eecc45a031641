import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action } from './actions.ts';
import { build } from './build.ts';

/** Builds the action again and compares the result with its `dist`, byte by byte. Returns the differences. */
export async function checkBundle(action: Action): Promise<string[]> {
  const dist = join(action.folder, 'dist');
  if (!existsSync(dist)) return ['dist is missing: run `npm run build`'];
  const clean = mkdtempSync(join(tmpdir(), 'dist-check-'));
  try {
    await build(action.folder, join(clean, 'dist'));
    return compareFolders(dist, join(clean, 'dist'));
  } finally {
    rmSync(clean, { recursive: true, force: true });
  }
}

/** Returns the differences between two folders: missing files, extra files and files with other content. */
export function compareFolders(actual: string, expected: string): string[] {
  const [have, want] = [listFiles(actual), listFiles(expected)];
  const missing = want.filter((path) => !have.includes(path)).map((path) => `${path} is missing`);
  const extra = have
    .filter((path) => !want.includes(path))
    .map((path) => `${path} should not be there: delete it`);
  const stale = want
    .filter((path) => have.includes(path))
    .flatMap((path) => {
      const difference = firstDifference(
        readFileSync(join(actual, path)),
        readFileSync(join(expected, path)),
      );
      return difference === undefined
        ? []
        : [`${path} differs from a fresh build at byte ${difference}: run \`npm run build\``];
    });
  return [...missing, ...extra, ...stale];
}

function listFiles(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
}

function firstDifference(one: Buffer, other: Buffer): number | undefined {
  if (one.equals(other)) return undefined;
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length : at;
}
