import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { HelperReply, HelperRequest } from './shared/directory.ts';
import type { Listed } from './shared/names.ts';

const draftName = '.draft-';
/** No transfer takes as long. */
const draftTime = 24 * 3_600_000;

// One call to a folder on a network file system, in a process that may hang in it.
const reply = answer(JSON.parse(process.argv[2] ?? '{}') as HelperRequest);
process.stdout.write(`${JSON.stringify(reply)}\n`);

function answer(request: HelperRequest): HelperReply {
  try {
    return { ok: true, result: act(request) };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

function act(request: HelperRequest): unknown {
  switch (request.act) {
    case 'list':
      return list(request.folder, request.prefix);
    case 'has':
      return existsSync(join(request.folder, request.name));
    case 'get':
      return get(join(request.folder, request.name), request.file, request.first);
    case 'put':
      return put(request.file, join(request.folder, request.name));
  }
}

function get(path: string, file: string, first: number | undefined): void {
  if (first === undefined) return copyFileSync(path, file, constants.COPYFILE_FICLONE);
  const from = openSync(path, 'r');
  const buffer = Buffer.alloc(first);
  writeFileSync(file, buffer.subarray(0, readSync(from, buffer)));
}

function list(folder: string, prefix: string): Listed[] {
  // The folder itself must be there: a network file system that is not mounted is not an empty one.
  readdirSync(folder);
  const parent = dirname(prefix);
  if (!existsSync(join(folder, parent))) return [];
  return readdirSync(join(folder, parent))
    .filter((name) => name.startsWith(basename(prefix)) && name.endsWith('.pack'))
    .flatMap((name) => {
      const stats = lstatSync(join(folder, parent, name), { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ name: `${parent}/${name}`, modified: stats.mtimeMs }];
    });
}

/** Removes what helpers left that were killed in the middle of a copy, since it took too long. */
function sweepDrafts(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => one.startsWith(draftName))) {
    const path = join(folder, name);
    const modified = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modified > draftTime) rmSync(path, { force: true });
  }
}

/** Copied beside, then put into its place by one call, so that a reader sees all of it or nothing. */
function put(file: string, path: string): 'saved' | 'exists' {
  readdirSync(dirname(dirname(dirname(dirname(path)))));
  if (existsSync(path)) return 'exists';
  mkdirSync(dirname(path), { recursive: true });
  sweepDrafts(dirname(path));
  const draft = join(dirname(path), `${draftName}${randomUUID()}`);
  try {
    copyFileSync(file, draft);
    try {
      linkSync(draft, path);
      return 'saved';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
      // Not every network file system has links; the last of two savers wins there, with the same key.
      renameSync(draft, path);
      return 'saved';
    }
  } finally {
    if (existsSync(draft)) unlinkSync(draft);
  }
}
