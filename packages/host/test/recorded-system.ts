import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { openFolder, type RemoveOptions } from '../src/index.ts';
import { emptyByPath, type PathSystem } from '../src/remove-by-path.ts';

/** Creates a directory to empty, and one next to it that must not change. */
export function make(paths: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'remove-'));
  const [target, outside] = [join(folder, 'target'), join(folder, 'outside')];
  for (const path of ['outside/precious', 'aside/', 'target/', ...paths.map((path) => `target/${path}`)]) {
    mkdirSync(join(folder, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(folder, path), 'data');
  }
  return {
    ...{ folder, target, outside },
    aside: () => openFolder(join(folder, 'aside')),
    left: (name = 'target') => readdirSync(join(folder, name), { recursive: true }).sort(),
    isUntouched: () => readFileSync(join(outside, 'precious'), 'utf8') === 'data',
  };
}

export const failure = (code: string) => Object.assign(new Error(`${code}: failed`), { code });

/** A system whose files fail as recorded: by name, the codes of the first calls. The last one stays for `forever`. */
export function system(
  platform: NodeJS.Platform,
  failing: Record<string, string[] | 'forever'> = {},
  code = 'EBUSY',
) {
  const waits: number[] = [];
  const act = (call: (path: string | Buffer) => void) => (path: string | Buffer) => {
    const codes = failing[basename(path.toString())];
    const next = codes === 'forever' ? code : codes?.shift();
    if (next !== undefined) throw failure(next);
    call(path);
  };
  const calls: Partial<PathSystem> = {
    platform,
    unlink: act(unlinkSync),
    rmdir: act(rmdirSync),
    wait: (milliseconds) => void waits.push(milliseconds),
  };
  return { calls, waits };
}

export const empty = (path: string, options: RemoveOptions, calls: Partial<PathSystem>) =>
  emptyByPath(path, { waits: true, ownsProcess: true, ...options }, undefined, calls);
