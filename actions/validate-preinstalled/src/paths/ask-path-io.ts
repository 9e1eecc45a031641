import { readlinkSync } from 'node:fs';
import { askHelper, type Deadline, type Job, monotonicNow, NoAnswer, quote } from '@runner-actions/core';
import {
  type Disk,
  isRemote,
  isUnknown,
  type MaybeUnknown,
  type Mount,
  mountOf,
  readMounts,
  resolveLinks,
} from '@runner-actions/host';
import type { Machine } from '../kinds/kind.ts';
import { jobFolders } from '../strangers/public-file-io.ts';
import { Withheld } from '../strangers/withheld.ts';
import { answerPath } from './answer-path-io.ts';
import type { PathFacts, PathQuestion, Right } from './path-facts.ts';

/** Milliseconds for a file system of the network to answer a question that needs no content. */
const answerLimit = 10_000;

/** A file system that did not answer in time. */
export class DeadMount extends Error {
  override readonly name = 'DeadMount';
  readonly advice: string;

  constructor(path: string, { mountPoint, type }: Mount, milliseconds: number) {
    super(
      `${path} does not answer within ${Math.round(milliseconds / 1000)} s: it is on ${mountPoint} (${type})`,
    );
    this.advice = `Check the server of ${mountPoint}.`;
  }
}

/** What a question needs beside the path. */
interface Asker {
  job: Pick<Job, 'workspace'>;
  deadline: Deadline;
}

/**
 * Returns the mount of a path if a call there may wait for a server or another process, and the path without links up to
 * there. Asks only local file systems. The file systems of the system, of this program and of the workspace count as
 * local: without them, this process would not be here.
 */
export function remoteMountOf(path: string, workspace: string): Mount | undefined {
  const { mounts, remote, mayHang } = remoteMounts(workspace);
  if (remote.length === 0) return undefined;
  const real = resolveLinks(path, mayHang, readlinkSync);
  return mayHang(real) ? mountOf(real, mounts) : undefined;
}

/** Milliseconds for which the table of mounts counts. A manifest may ask for thousands of paths. */
const tableAge = 1_000;
let table: { mounts: Mount[]; read: number } | undefined;

function currentMounts(): Mount[] {
  const now = monotonicNow();
  if (table !== undefined && now - table.read < tableAge) return table.mounts;
  const read = process.platform === 'linux' ? readMounts() : { unknown: 'no Linux' };
  table = { mounts: isUnknown(read) ? [] : read, read: now };
  return table.mounts;
}

interface RemoteMounts {
  mounts: readonly Mount[];
  /** Those that may not answer. */
  remote: readonly Mount[];
  mayHang: (path: string) => boolean;
}
let known: (RemoteMounts & { workspace: string }) | undefined;

function remoteMounts(workspace: string): RemoteMounts {
  const mounts = currentMounts();
  if (known !== undefined && known.mounts === mounts && known.workspace === workspace) return known;
  const own = ['/', process.execPath, workspace].map((trusted) => isRemote(mounts, trusted));
  const mayHang = (path: string): boolean => own.every((isFar) => isFar(path));
  known = { mounts, workspace, mayHang, remote: mounts.filter(({ mountPoint }) => mayHang(mountPoint)) };
  return known;
}

/** Returns the mount that a question may have to wait for. A search may follow a link to any of them. */
function mountToWaitFor({ act }: PathQuestion, path: string, workspace: string): Mount | undefined {
  const own = remoteMountOf(path, workspace);
  return act === 'find' ? (own ?? remoteMounts(workspace).remote[0]) : own;
}

/**
 * Asks about an absolute path: in a process that can be abandoned if its file system may not answer.
 * @throws DeadMount if it does not answer in time, else Error of the file system
 */
async function ask(question: PathQuestion, path: string, { job, deadline }: Asker): Promise<unknown> {
  const mount = mountToWaitFor(question, path, job.workspace);
  if (mount === undefined) return answerPath(question, deadline.signal);
  const limit = question.act === 'digest' ? deadline : deadline.limit(answerLimit);
  const milliseconds = limit.remaining();
  const waited = silences.get(mount.mountPoint) ?? 0;
  // It is not likely to answer sooner than it did not.
  if (milliseconds <= waited * 1.1) throw new DeadMount(path, mount, waited);
  try {
    return await askHelper('path-helper', question, limit);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (question.act !== 'digest') silences.set(mount.mountPoint, Math.max(waited, milliseconds));
    throw new DeadMount(path, mount, milliseconds);
  }
}

/** For how many milliseconds a mount was asked in vain. */
const silences = new Map<string, number>();

/** @param rights the rights of this process that matter */
export async function lookAtPath(
  path: string,
  asker: Asker,
  rights: readonly Right[] = [],
): Promise<PathFacts> {
  return (await ask({ act: 'look', path, rights }, path, asker)) as PathFacts;
}

/** Returns the paths that match a pattern with wildcards. */
export async function findPathsOf(pattern: string, asker: Asker): Promise<string[]> {
  const written = pattern.slice(0, pattern.lastIndexOf('/', pattern.search(/[*?]/))) || '/';
  return (await ask({ act: 'find', pattern }, written, asker)) as string[];
}

/** @returns at most the first bytes of a regular file; `undefined` if it is none */
export async function readPath(path: string, limitBytes: number, asker: Asker): Promise<string | undefined> {
  return ((await ask({ act: 'read', path, limitBytes }, path, asker)) as string | null) ?? undefined;
}

/** @returns the SHA-256 of a file, in hexadecimal digits */
export async function digestOfPath(path: string, asker: Asker): Promise<string> {
  return (await ask({ act: 'digest', path }, path, asker)) as string;
}

/** @returns why the content of a file is not for everybody; `undefined` if it is */
export async function whyPathNotPublic(
  path: string,
  asker: Asker & Pick<Machine, 'job'>,
): Promise<string | undefined> {
  const question = { act: 'publicity', path, folders: jobFolders(asker.job) } as const;
  return ((await ask(question, path, asker)) as string | null) ?? undefined;
}

export async function diskOfPath(path: string, asker: Asker): Promise<MaybeUnknown<Disk>> {
  return (await ask({ act: 'disk', path }, path, asker)) as MaybeUnknown<Disk>;
}

/** @returns the real path of a folder and the names in it; `undefined` if it cannot be listed */
export async function listPath(
  path: string,
  asker: Asker,
): Promise<{ real: string; names: string[] } | undefined> {
  const listed = (await ask({ act: 'list', path }, path, asker)) as { real: string; names: string[] } | null;
  return listed ?? undefined;
}

/** Describes a failed question as the end of a sentence. */
export function explainPathError(error: unknown): { found: string; advice?: string } {
  if (error instanceof DeadMount || error instanceof Withheld)
    return { found: error.message, advice: error.advice };
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (['AbortError', 'DeadlinePassed'].includes(name) || code === 'ABORT_ERR')
    return { found: 'no result within the time limit', advice: "Raise 'timeout'." };
  return { found: code === undefined ? message : `${code}: ${quote(message)}` };
}
