import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Deadline,
  execute,
  type Log,
  messageOf,
  startDeadline,
  writeFileAtomic,
} from '@runner-actions/core';
import type { FeatureRequirement } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { type ArchivePlace, placeOf, readMark, stateOf } from '../tools/archive-io.ts';
import { whyNoPrograms } from '../tools/archive-programs-io.ts';
import { escapingLink, unsafeName } from './archive-names.ts';
import { removeAbandoned, removeStaging, stagingPrefix } from './remove-staging-io.ts';

/** A file of ours in the content: it tells a folder that was published and not marked from one that others began. */
const own = '.runner-actions-archive';
/** Milliseconds for the removal of what is not needed any more, at each end of an installation. */
const removalLimit = 20_000;

/**
 * Puts the archive of a feature into the tool cache: downloads and unpacks it beside its place, verifies it, and publishes
 * it by a rename. Two jobs may do that at once: the first wins. What is in use is never removed or replaced.
 * @returns why that failed; `undefined`: it is there
 */
export async function putArchive(
  requirement: FeatureRequirement,
  machine: Machine,
  deadline: Deadline,
  log: Log,
): Promise<string | undefined> {
  const place = placeOf(requirement, machine);
  if (place === undefined) return 'there is no archive for this machine';
  const parent = dirname(place.folder);
  const tell = (left: readonly string[]): void => left.forEach((one) => log.info(`Not removed: ${one}`));
  let staging: string | undefined;
  try {
    const state = await stateOf(place);
    if (state === 'whole') return undefined;
    if (typeof state === 'object') return state.broken;
    await mkdir(parent, { recursive: true });
    const prefix = stagingPrefix(basename(place.folder));
    tell(await removeAbandoned(parent, prefix, deadline.limit(removalLimit)));
    staging = await mkdtemp(join(parent, prefix));
    const problem = await fetchInto(staging, place, machine, deadline);
    if (problem !== undefined) return problem;
    log.info(`Verified ${place.archive.url}.`);
    return await publish(join(staging, 'content'), place);
  } catch (error) {
    return messageOf(error);
  } finally {
    // What stays is removed by a later installation.
    if (staging !== undefined)
      tell(await removeStaging(parent, basename(staging), startDeadline(removalLimit)));
  }
}

/** Downloads, verifies and unpacks. @returns what is wrong */
async function fetchInto(
  staging: string,
  { archive }: ArchivePlace,
  { job }: Machine,
  deadline: Deadline,
): Promise<string | undefined> {
  const file = join(staging, 'archive');
  const cache = await import('@actions/tool-cache');
  const late = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener('abort', () => reject(new Error('it did not end in time')), {
      once: true,
    });
  });
  await Promise.race([cache.downloadTool(archive.url, file), late]);
  const digest = await digestOf(file);
  if (digest !== archive.sha256) return `its SHA-256 is ${digest}, not ${archive.sha256}`;
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
  const extraction = isZip ? cache.extractZip(file, unpacked) : cache.extractTar(file, unpacked, 'x');
  await Promise.race([extraction, late]);
  const content = await withoutFolders(unpacked, archive.strip);
  if (content === undefined) return `it has not ${archive.strip} folders around its content`;
  const link = await escapingLink(content);
  if (link !== undefined) return `its link ${JSON.stringify(link)} leads outside`;
  const broken = await whyNoPrograms(content, archive.bin);
  if (broken !== undefined) return broken;
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
  const { folder, mark, archive } = place;
  await writeFile(join(content, own), archive.sha256);
  try {
    await rename(content, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    // Another job was faster, or one was killed before it set the mark: the rename made the folder as a whole.
    const published = await readMark(join(folder, own));
    if (published !== archive.sha256)
      return `${folder} is there without its mark, and was not made by this action: remove it if no job uses it`;
  }
  await writeFileAtomic(mark, archive.sha256);
  return undefined;
}
