import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Deadline,
  execute,
  type Log,
  messageOf,
  startDeadline,
  withinDeadline,
  writeFileAtomic,
} from '@runner-actions/core';
import type { FeatureRequirement } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { type ArchivePlace, placeOf, readMark, stateOf } from '../tools/archive-io.ts';
import { whyNoPrograms } from '../tools/archive-programs-io.ts';
import { trustOfCache, whyForeign, whyForeignBelow } from '../tools/foreign-io.ts';
import { ownMark, whyRefused } from './archive-content-io.ts';
import { unsafeName } from './archive-names.ts';
import { removeAbandoned, removeStaging, stagingPrefix } from './remove-staging-io.ts';

/** What an installation says whose time is over. */
const late = 'it did not end in time';
/** Milliseconds for the removal of what is not needed any more, at each end of an installation. */
const removalLimit = 20_000;

/** What was downloaded. */
export interface Download {
  bytes: number;
  sha256: string;
}

/** What became of an archive. */
interface Placed {
  download?: Download;
  /** Why it is not in its place; `undefined`: it is. */
  problem: string | undefined;
}

/**
 * Puts the archive of a feature into the tool cache: downloads and unpacks it beside its place, verifies it, and publishes
 * it by a rename. Two jobs may do that at once: the first wins. What is in use is never removed or replaced.
 */
export async function putArchive(
  requirement: FeatureRequirement,
  machine: Machine,
  deadline: Deadline,
  log: Log,
): Promise<Placed> {
  const place = placeOf(requirement, machine);
  if (place === undefined) return { problem: 'there is no archive for this machine' };
  const parent = dirname(place.folder);
  const tell = (left: readonly string[]): void => left.forEach((one) => log.info(`Not removed: ${one}`));
  let staging: string | undefined;
  let fetched: Download | undefined;
  try {
    const state = await stateOf(place);
    if (state === 'whole') return { problem: undefined };
    if (typeof state === 'object') return { problem: state.broken };
    await mkdir(parent, { recursive: true });
    const prefix = stagingPrefix(basename(place.folder));
    tell(await removeAbandoned(parent, prefix, deadline.limit(removalLimit)));
    staging = await mkdtemp(join(parent, prefix));
    fetched = await download(join(staging, 'archive'), place.archive.url, deadline);
    const problem = await unpack(staging, fetched, place, machine, deadline);
    if (problem !== undefined) return { download: fetched, problem };
    log.info(`Verified ${place.archive.url}.`);
    return { download: fetched, problem: await publish(join(staging, 'content'), place) };
  } catch (error) {
    return { ...(fetched === undefined ? {} : { download: fetched }), problem: messageOf(error) };
  } finally {
    // What stays is removed by a later installation.
    if (staging !== undefined)
      tell(await removeStaging(parent, basename(staging), startDeadline(removalLimit)));
  }
}

/** Downloads an archive, and computes its digest. @throws Error if it cannot be downloaded in time */
async function download(file: string, url: string, deadline: Deadline): Promise<Download> {
  const cache = await import('@actions/tool-cache');
  await withinDeadline(cache.downloadTool(url, file), deadline, late);
  const { size: bytes } = await stat(file);
  return { bytes, sha256: await digestOf(file) };
}

/** For root, tar would keep the owners of the archive, who are strangers here, and their rights to write. */
const ofThisUser = ['x', '-o', '--no-same-permissions'];

/** Verifies and unpacks what was downloaded. @returns what is wrong */
async function unpack(
  staging: string,
  { sha256 }: Download,
  { archive }: ArchivePlace,
  { job }: Machine,
  deadline: Deadline,
): Promise<string | undefined> {
  const file = join(staging, 'archive');
  if (sha256 !== archive.sha256) return `its SHA-256 is ${sha256}, not ${archive.sha256}`;
  const isZip = /\.zip$/i.test(new URL(archive.url).pathname);
  const list = isZip ? ['unzip', '-Z1', file] : ['tar', '--list', '--file', file];
  const env = { PATH: job.environment['PATH'], LC_ALL: 'C' };
  const listed = await execute(list, { env, deadline, timeout: 300_000, limitBytes: 64 * 1024 ** 2 });
  if (listed.code !== 0 || listed.truncated)
    return `its content cannot be listed: ${listed.error?.code ?? listed.stderr.trim().slice(0, 200)}`;
  const unsafe = unsafeName(listed.stdout.split('\n'));
  if (unsafe !== undefined)
    return `it has the name ${JSON.stringify(unsafe.slice(0, 200))}, outside of its folder`;
  const unpacked = join(staging, 'unpacked');
  await mkdir(unpacked);
  const cache = await import('@actions/tool-cache');
  const work = isZip ? cache.extractZip(file, unpacked) : cache.extractTar(file, unpacked, ofThisUser);
  await withinDeadline(work, deadline, late);
  const content = await withoutFolders(unpacked, archive.strip);
  if (content === undefined) return `it has not ${archive.strip} folders around its content`;
  const problem = (await whyRefused(content, deadline)) ?? (await whyNoPrograms(content, archive.bin));
  if (problem !== undefined) return problem;
  await rename(content, join(staging, 'content'));
  return undefined;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 ** 2 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Goes down as many folders as are left out; each must be the only one. */
async function withoutFolders(folder: string, strip: number): Promise<string | undefined> {
  if (strip === 0) return folder;
  const [only, ...others] = await readdir(folder, { withFileTypes: true });
  if (only === undefined || others.length > 0 || !only.isDirectory()) return undefined;
  return withoutFolders(join(folder, only.name), strip - 1);
}

/** Renames the content to its place, and marks it as whole last. */
async function publish(content: string, place: ArchivePlace): Promise<string | undefined> {
  const { root, folder, mark, archive } = place;
  await writeOwnMark(content, archive.sha256);
  try {
    await rename(content, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    // Another job was faster, or one was killed before it set the mark: the rename made the folder as a whole.
    const published = await readMark(join(folder, ownMark));
    if (published !== archive.sha256)
      return `${folder} is there without its mark, and was not made by this action: remove it if no job uses it`;
    const cache = await trustOfCache(root);
    const foreign =
      (await whyForeign(folder, cache)) ??
      (await whyForeign(join(folder, ownMark), cache)) ??
      (await whyNoPrograms(folder, archive.bin)) ??
      (await whyForeignBelow(folder, archive.bin, cache));
    if (foreign !== undefined) return foreign;
  }
  await writeFileAtomic(mark, archive.sha256);
  return undefined;
}

/** Windows has no O_NOFOLLOW. */
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;

/** Writes our file into the content. @throws Error if the name is there, be it as a link or a pipe */
async function writeOwnMark(content: string, sha256: string): Promise<void> {
  const file = await open(join(content, ownMark), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  try {
    await file.writeFile(sha256);
  } finally {
    await file.close();
  }
}
