import { lstatSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { messageOf, readSmallFile } from '@runner-actions/core';
import { foldName, isInside, type Kernel, realPathOf } from '@runner-actions/host';
import { type DerivedFolder, isProjectFolder, judgeDerivedData, parseProjectRecord } from './derived-data.ts';
import { changeTime, type Ground, identityOf, whyItStays } from './ground.ts';
import { type PathItem, pathItem, type PathStep } from './path-item.ts';
import { nameDuring } from './tool-cache.ts';
import { entriesOf, isRealFolder } from './tree-age.ts';

const mostFolders = 2_000;
/** Entries that are looked at directly in a folder of a project, where Xcode has about ten. */
const mostInFolder = 100;
const maxRecordBytes = 64 * 1024;

/** @param home the home of the user's password entry, which Xcode uses whatever `HOME` is */
export interface DerivedDataGround extends Ground {
  home: string | undefined;
}

/** Returns Xcode's folder of build products; `undefined` if there is none, as on systems other than macOS. */
export function derivedDataFolder(home: string | undefined, { platform }: Kernel = {}): string | undefined {
  if ((platform ?? process.platform) !== 'darwin' || home === undefined) return undefined;
  const folder = join(home, 'Library/Developer/Xcode/DerivedData');
  // It is often a link to a larger disk.
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? folder : undefined;
}

/** Removes what Xcode has built from projects in this runner's work folder. macOS only. */
export function derivedDataItem(ground: DerivedDataGround): PathItem {
  const judge = (_deadline: unknown, only?: string): PathStep[] => {
    const base = derivedDataFolder(ground.home, ground.kernel);
    if (base === undefined) return [];
    const real = realPathOf(base);
    return entriesOf(base, mostFolders)
      .filter((name) => isProjectFolder(name) && isRealFolder(real, name))
      .filter((name) => only === undefined || join(base, name) === only)
      .map((name): PathStep => {
        const path = join(real, name);
        return {
          ...judgeDerivedData(name, lookAt(path, ground), ground.now, ground.maxAge),
          what: join(base, name),
          entry: { base, names: [name], during: nameDuring(name) },
          identity: identityOf(path),
        };
      });
  };
  return pathItem({ name: 'derived-data', judge }, ground);
}

function lookAt(path: string, ground: DerivedDataGround): DerivedFolder {
  try {
    const record = parseProjectRecord(readSmallFile(join(path, 'info.plist'), maxRecordBytes) ?? '');
    const repository = record === undefined ? undefined : repositoryOf(record.project, ground);
    const times = ['.', ...entriesOf(path, mostInFolder)].map((name) =>
      changeTime(lstatSync(join(path, name))),
    );
    return {
      ...{ record, repository, changed: Math.max(...times) },
      isGone: repository !== undefined && isMissing(join(ground.folders.work, repository)),
      whyKept: whyItStays(path, ground, []),
    };
  } catch (error) {
    const unknown = { record: undefined, repository: undefined, isGone: false, changed: ground.now };
    return { ...unknown, whyKept: messageOf(error) };
  }
}

/** Returns the folder in `_work` that contains a project. Asks nothing of other paths. */
function repositoryOf(project: string, { folders, kernel }: DerivedDataGround): string | undefined {
  const fold = (path: string) => foldName(resolve(path), kernel?.platform);
  const work = [folders.work, realPathOf(folders.work)].find((path) => isInside(fold(project), fold(path)));
  return work === undefined ? undefined : resolve(project).split(sep)[resolve(work).split(sep).length];
}

/** Only a work folder that is there shows that something in it is gone. */
const isMissing = (path: string): boolean =>
  isRealFolder(realPathOf(join(path, '..'))) && lstatSync(path, { throwIfNoEntry: false }) === undefined;
