import { createHash } from 'node:crypto';
import { lstat, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Deadline,
  describeWriteError,
  reasonOf,
  withinDeadline,
  writeFileAtomic,
} from '@runner-actions/core';
import type { CheckedMetrics } from './check.ts';
import { renderPrometheus } from './render.ts';

/** Milliseconds. A folder of a dead mount would block for ever. */
const timeout = 5_000;
/** Milliseconds after which a temporary file belongs to a process that was killed. */
const leftoverAge = 10 * 60_000;
/** Everybody may read it: node_exporter usually has a user of its own. */
const mode = 0o644;

/** A file for the textfile collector of node_exporter. */
export interface Textfile {
  /** The folder that node_exporter reads (`--collector.textfile.directory`). It must exist. */
  folder: string;
  /**
   * Whose figures these are: a runner that stays, or the machine. It becomes the name of the file, so never the name of
   * an ephemeral runner: nobody would remove its file.
   */
  name: string;
  /**
   * No other file of the folder may have the same series: node_exporter drops one of them without a word. So the
   * samples of each of several runners need a label with its name.
   */
  metrics: CheckedMetrics;
}

/**
 * Replaces the file `NAME.prom`: a reader sees the old figures or the new ones, and no link is followed. Removes temporary
 * files of the same name that killed processes left behind.
 * @returns the path
 * @throws Error that says which folder it is about, and what to do. It fails no job: show it as a warning
 */
export async function writeTextfile(
  { folder, name, metrics }: Textfile,
  deadline: Deadline,
): Promise<string> {
  const path = join(folder, textfileName(name));
  const write = async (): Promise<void> => {
    await checkFolder(folder);
    await writeFileAtomic(path, renderPrometheus(metrics), { mode, exact: true }).catch((error: unknown) => {
      throw new Error(`textfile: ${describeWriteError(error, path)}`, { cause: error });
    });
    await removeLeftovers(folder, textfileName(name));
  };
  await withinDeadline(
    write(),
    deadline.limit(timeout),
    `textfile: the file system did not write ${path} within ${timeout / 1000} s`,
  );
  return path;
}

/**
 * Returns the file for a name. Other characters than letters, digits, `_` and `-` become `%` and their code, so that two
 * names never share a file. A long name ends with its digest.
 */
export function textfileName(name: string): string {
  const encoded = Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${encoded.length > 150 ? `${encoded.slice(0, 110)}-${digest}` : encoded}.prom`;
}

async function checkFolder(folder: string): Promise<void> {
  const advice = "Create it, and start node_exporter with '--collector.textfile.directory'";
  const entry = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR'].includes(error.code ?? ''))
      throw new Error(`textfile: the folder ${folder} does not exist. ${advice}`, { cause: error });
    throw new Error(`textfile: ${reasonOf(error)}`, { cause: error });
  });
  if (!entry.isDirectory()) throw new Error(`textfile: ${folder} is not a folder. ${advice}`);
}

/** `writeFileAtomic` gives its temporary files a name that node_exporter does not read. */
async function removeLeftovers(folder: string, file: string): Promise<void> {
  const isOurs = (name: string): boolean => name.startsWith(`.${file}.`) && name.endsWith('.tmp');
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter(isOurs).slice(0, 100)) {
    const path = join(folder, name);
    const entry = await lstat(path).catch(() => undefined);
    if (entry?.isFile() && Date.now() - entry.mtimeMs > leftoverAge)
      await unlink(path).catch(() => undefined);
  }
}
