import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, messageOf, readSmallFile } from '@runner-actions/core';
import { type PathUse, realPathOf } from '@runner-actions/host';
import { reservedFolders } from '../workspace.ts';
import { type Ground, identityOf, usesIn, whyItStays, whyShared } from './ground.ts';
import { type PathItem, pathItem, type PathStep } from './path-item.ts';
import { judgeRepository, type Mapping, mappingsOf, parseMapping } from './repositories.ts';
import { allEntriesOf, entriesOf, isRealFolder, treeAge } from './tree-age.ts';

const mostFolders = 2_000;
const mostMappings = 5_000;
const mostBelow = 20_000;
const maxMappingBytes = 256 * 1024;
const mappingFolder = '_PipelineMapping';

/** Removes the folders of repositories that have had no job for a long time. Linux only. */
export function repositoriesItem(ground: Ground): PathItem {
  const { work } = ground.folders;
  const judge = (deadline: Deadline, only?: string): PathStep[] => {
    const uses = usesIn([realPathOf(work)], ground);
    const reason = typeof uses === 'string' ? uses : whyShared(ground);
    if (typeof uses === 'string' || reason !== undefined)
      return [{ action: 'keep', what: work, why: reason ?? '' }];
    const mappings = readMappings(work);
    if (typeof mappings === 'string') return [{ action: 'keep', what: work, why: mappings }];
    return entriesOf(work, mostFolders)
      .filter((name) => isCandidate(work, name) && (only === undefined || join(work, name) === only))
      .map((name) => stepOf(name, { ground, uses, mappings, deadline }));
  };
  return pathItem({ name: 'stale-repositories', judge }, ground);
}

/** Names that begin with `_` or a dot belong to the runner or to Runner Actions, also those of later versions. */
function isCandidate(work: string, name: string): boolean {
  return !/^[_.]/.test(name) && !reservedFolders.includes(name) && isRealFolder(work, name);
}

interface Around {
  ground: Ground;
  uses: readonly PathUse[];
  mappings: readonly Mapping[];
  deadline: Deadline;
}

function stepOf(name: string, { ground, uses, mappings, deadline }: Around): PathStep {
  const { work } = ground.folders;
  const path = join(realPathOf(work), name);
  const own = mappingsOf(name, mappings);
  const isCurrent = name.toLowerCase() === ground.repository.toLowerCase();
  const whyKept = isCurrent ? 'the repository of this job' : whyItStays(path, ground, uses);
  const identity = identityOf(path);
  const changed = whyKept === undefined && own.length === 0 ? changeOf(path, deadline) : undefined;
  return {
    ...judgeRepository({ name, mappings: own, changed, whyKept }, ground.now, ground.maxAge),
    what: join(work, name),
    entry: { base: work, names: [name] },
    identity,
  };
}

function changeOf(path: string, deadline: Deadline): number | string {
  const { newest, unseen } = treeAge(path, mostBelow, deadline);
  return unseen ?? newest;
}

/** Reads the mappings of all repositories. @returns a text if one could be missing, with the reason */
function readMappings(work: string): Mapping[] | string {
  const top = join(work, mappingFolder);
  try {
    if (lstatSync(top, { throwIfNoEntry: false }) === undefined) return [];
    if (!isRealFolder(top)) return `the runner's folder ${top} is not a folder`;
    const names = allEntriesOf(top, mostMappings)
      .filter((owner) => isRealFolder(top, owner))
      .flatMap((owner) => allEntriesOf(join(top, owner), mostMappings).map((name) => ({ owner, name })));
    if (names.length > mostMappings) return `the runner has more than ${mostMappings} mappings`;
    return names
      .filter(({ owner, name }) => isRealFolder(top, owner, name))
      .map(({ owner, name }) =>
        parseMapping(
          `${owner}/${name}`,
          readSmallFile(join(top, owner, name, 'PipelineFolder.json'), maxMappingBytes),
        ),
      );
  } catch (error) {
    return `the runner's mappings cannot be read: ${messageOf(error)}`;
  }
}
