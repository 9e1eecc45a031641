import { stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { readRegularFile } from '@runner-actions/host';
import type { Archive, FeatureRequirement } from '@runner-actions/manifest';
import type { Finding, Machine } from '../kinds/kind.ts';
import { toolCacheFolder } from '../machine-facts/toolcache-io.ts';
import { whyNoPrograms } from './archive-programs-io.ts';
import { trustOfCache, whyForeign, whyForeignBelow } from './foreign-io.ts';

/** Where an archive belongs: `NAME/VERSION/ARCH` of the tool cache, as setup actions keep their tools. */
export interface ArchivePlace {
  archive: Archive;
  /** The tool cache. */
  root: string;
  folder: string;
  /** The file that says that the folder is whole. */
  mark: string;
  /** Folders for PATH. */
  bins: readonly string[];
}

/** Returns the place of a feature's archive for this machine; `undefined` if it has none, or if there is no tool cache. */
export function placeOf(
  { name, range, archives }: FeatureRequirement,
  { job, facts }: Pick<Machine, 'job' | 'facts'>,
): ArchivePlace | undefined {
  const archive = archives[`${facts.os}-${facts.arch}`];
  const root = toolCacheFolder(job.environment);
  if (archive === undefined || root === undefined) return undefined;
  const folder = join(root, name, range.text, facts.arch);
  const bins = archive.bin.map((one) => join(folder, one));
  return { archive, root, folder, mark: `${folder}.complete`, bins };
}

/** Bytes of a mark. That of this action is a digest. */
const markLimit = 1024;

/** Reads a mark. Others can write there, so no link is followed, and no pipe is waited for. */
export async function readMark(path: string): Promise<string | 'none' | { strange: string }> {
  try {
    const mark = await readRegularFile(path, markLimit);
    return typeof mark === 'string' ? { strange: `${path} is no small regular file` } : mark.toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'none' : { strange: `${path} cannot be read (${code})` };
  }
}

/** What is in the place of an archive. */
type State = 'whole' | 'missing' | 'other' | { broken: string; isForeign?: true };

/**
 * Whether the folder of an archive is whole. `other`: it came from another archive of the same name and version. `broken`:
 * it has its mark, and is not what the archive brings; or it is foreign: another user made it or can change it, so that its
 * mark, whose text anybody can know, proves nothing.
 */
export async function stateOf({ root, folder, mark, archive }: ArchivePlace): Promise<State> {
  const cache = await trustOfCache(root);
  const foreign = (await whyForeign(folder, cache)) ?? (await whyForeign(mark, cache));
  if (foreign !== undefined) return { broken: foreign, isForeign: true };
  const text = await readMark(mark);
  if (typeof text === 'object') return { broken: text.strange };
  const isFolder = await stat(folder).then(
    (one) => one.isDirectory(),
    () => false,
  );
  if (!isFolder || text === 'none') return 'missing';
  // Other actions leave their mark empty.
  if (text !== '' && text !== archive.sha256) return 'other';
  const broken = await whyNoPrograms(folder, archive.bin);
  if (broken !== undefined) return { broken: `${folder} is marked as whole, but ${broken}` };
  const foreignFolder = await whyForeignBelow(folder, archive.bin, cache);
  return foreignFolder === undefined ? 'whole' : { broken: foreignFolder, isForeign: true };
}

/** Whether the archive of a feature is in the tool cache, and on PATH. */
export async function checkArchive(requirement: FeatureRequirement, machine: Machine): Promise<Finding> {
  const wanted = requirement.range.text;
  const place = placeOf(requirement, machine);
  if (place === undefined) {
    const { os, arch } = machine.facts;
    const found = `no archive for ${os}-${arch}, or no tool cache`;
    return {
      status: 'error',
      found,
      wanted,
      advice: `State one in \`archives\`, and set RUNNER_TOOL_CACHE.`,
    };
  }
  const state = await stateOf(place);
  if (state === 'other') {
    const advice = `Give the feature another name: ${place.folder} came from an archive with another digest.`;
    return { status: 'error', found: 'another archive of this version in the tool cache', wanted, advice };
  }
  if (typeof state === 'object') {
    const trust = state.isForeign
      ? 'If you trust what is there, make it the own of this user or of root (chown), and let nobody else write it (chmod go-w). '
      : '';
    const advice = `${trust}If no job uses them, remove ${place.folder} and ${place.mark}; \`mode: install\` then puts the archive there.`;
    return { status: 'fail', found: state.broken, wanted, advice };
  }
  const path = (machine.job.environment['PATH'] ?? '').split(delimiter);
  const isOnPath = place.bins.every((bin) => path.includes(bin));
  if (state === 'whole' && isOnPath) return { status: 'pass', found: `${wanted} in ${place.folder}`, wanted };
  const found = state === 'whole' ? `in ${place.folder}, which is not on PATH` : `nothing in ${place.folder}`;
  const remedy = { by: 'archive' as const, command: ['download', place.archive.url], packages: [] };
  return {
    status: 'fail',
    found,
    wanted,
    remedy,
    advice: `\`mode: install\` puts ${place.archive.url} there.`,
  };
}
