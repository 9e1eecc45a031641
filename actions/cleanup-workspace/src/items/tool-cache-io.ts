import { lstatSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Deadline, Job } from '@runner-actions/core';
import { isInside, type PathUse, realPathOf, type Removal } from '@runner-actions/host';
import { changeTime, type Ground, identityOf, usesIn, whyItStays, whyShared } from './ground.ts';
import { type PathItem, pathItem, type PathStep } from './path-item.ts';
import { removeEntry } from './remove-entry.ts';
import { isHalfRemoved, judgeTools, nameDuring, type ToolVersion, variableFor } from './tool-cache.ts';
import { entriesOf, isRealFolder } from './tree-age.ts';

const mostTools = 500;
const mostVersions = 500;
const mostArchs = 20;
/** All versions together. */
const mostInAll = 5_000;

export interface ToolCacheGround extends Ground {
  /** The variables of this job. */
  environment: Job['environment'];
}

/** Removes old versions of tools from the tool cache. Linux only. */
export function toolCacheItem(ground: ToolCacheGround): PathItem {
  const { tools } = ground.folders;
  const judge = (): PathStep[] => {
    if (!isRealFolder(realPathOf(tools))) return [];
    const uses = usesIn([realPathOf(tools)], ground);
    const reason = typeof uses === 'string' ? uses : whyNotOwn(ground);
    if (typeof uses === 'string' || reason !== undefined)
      return [{ action: 'keep', what: tools, why: reason ?? '' }];
    const found = versionsIn(tools, ground, uses);
    const verdicts = judgeTools(found, ground.now, ground.maxAge);
    return found.flatMap(({ tool, version, arch }, index): PathStep[] => {
      const verdict = verdicts[index];
      const names = [tool, version, arch];
      const what = join(tools, ...names);
      if (verdict === undefined) return [];
      return [
        {
          ...verdict,
          what,
          entry: { base: tools, names, during: nameDuring(arch) },
          identity: identityOf(join(realPathOf(tools), ...names)),
        },
      ];
    });
  };
  const judgeOne = (_deadline: unknown, only?: string) =>
    judge().filter(({ what }) => only === undefined || what === only || what === tools);
  // Without its marker, no action takes a version for complete while it is being removed.
  const removeMarker = ({ entry }: PathStep, deadline: Deadline): Removal | undefined => {
    if (entry === undefined || isHalfRemoved(entry.names.at(-1) ?? '')) return undefined;
    const names = [...entry.names.slice(0, -1), `${entry.names.at(-1)}.complete`];
    const place = { work: ground.folders.work, protect: ground.protect, owners: ground.owners };
    return removeEntry({ base: entry.base, names }, () => undefined, place, deadline);
  };
  return pathItem(
    { name: 'tool-cache', judge: judgeOne, before: removeMarker, after: removeEmptyVersion },
    ground,
  );
}

/** Returns why a tool cache belongs to the machine or to several runners, so that nothing is removed. */
function whyNotOwn(ground: ToolCacheGround): string | undefined {
  const { root, tools, work } = ground.folders;
  const isOwn = [root, work].some(
    (folder) =>
      folder !== undefined && folder !== dirname(folder) && isInside(realPathOf(tools), realPathOf(folder)),
  );
  if (!isOwn) return 'it is not in the folder of this runner, so others may use it';
  return whyShared(ground);
}

function versionsIn(tools: string, ground: ToolCacheGround, uses: readonly PathUse[]): ToolVersion[] {
  const real = realPathOf(tools);
  const paths = entriesOf(real, mostTools)
    .flatMap((tool) => foldersIn(mostVersions, real, tool))
    .flatMap(([tool = '', version = '']) => foldersIn(mostArchs, real, tool, version))
    .slice(0, mostInAll);
  return paths.map(([tool = '', version = '', arch = '']) => {
    const folder = join(real, tool, version, arch);
    const variable = variableFor([folder, join(tools, tool, version, arch)], ground.environment);
    const marker = lstatSync(`${folder}.complete`, { throwIfNoEntry: false });
    return {
      ...{ tool, version, arch },
      completed: marker?.isFile() === true ? changeTime(marker) : undefined,
      whyKept:
        variable === undefined ? whyItStays(folder, ground, uses) : `this job uses it: see ${variable}`,
    };
  });
}

/** Lists the subfolders of a folder as names from the tool cache on. */
function foldersIn(most: number, real: string, ...names: string[]): string[][] {
  if (!isRealFolder(real, ...names)) return [];
  return entriesOf(join(real, ...names), most)
    .filter((name) => isRealFolder(real, ...names, name))
    .map((name) => [...names, name]);
}

function removeEmptyVersion({ entry }: PathStep): void {
  try {
    if (entry !== undefined) rmdirSync(dirname(join(realPathOf(entry.base), ...entry.names)));
  } catch {
    // Another processor's folder is in it.
  }
}
