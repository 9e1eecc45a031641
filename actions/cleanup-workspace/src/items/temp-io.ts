import { lstatSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Deadline, messageOf } from '@runner-actions/core';
import {
  decodeName,
  encodeName,
  isUnknown,
  mountsBelow,
  type PathUse,
  realPathOf,
  whoSharesWork,
  workerAbove,
} from '@runner-actions/host';
import { type Ground, identityOf, usesIn, whyItStays } from './ground.ts';
import { type PathItem, pathItem, type PathStep } from './path-item.ts';
import { judgeTemp, type TempEntry } from './temp.ts';
import { treeAge } from './tree-age.ts';

/** Number of entries of `_temp` that a run looks at, and of entries in each of them. */
const mostEntries = 2_000;
const mostBelow = 20_000;

/** Removes what earlier jobs have left in `_work/_temp` and the runner could not remove. Needs no low disk. */
export function tempItem(ground: Omit<Ground, 'enough'>): PathItem {
  const judge = (deadline: Deadline, only?: string): PathStep[] => {
    const { temp } = ground.folders;
    const before = ground.jobStart;
    if (isUnknown(before)) return [{ action: 'keep', what: temp, why: before.unknown }];
    const names = relative(ground.folders.work, temp).split(sep);
    const odd = whyOdd(temp, names);
    if (odd !== undefined) return [{ action: 'keep', what: temp, why: odd }];
    const shared = whoSharesWork(ground.folders, ground.kernel);
    if (typeof shared === 'string') return [{ action: 'keep', what: temp, why: shared }];
    const known = usesIn([realPathOf(temp)], ground);
    // The runner itself asks no process before it empties this folder, so only what is known to be used stays.
    const uses = typeof known === 'string' ? [] : known.filter(({ how }) => !how.startsWith('may'));
    const isLinux = (ground.kernel?.platform ?? process.platform) === 'linux';
    const idle = ground.whyBusy !== undefined;
    const inContainer = isLinux && !idle && workerAbove(ground.kernel) === undefined;
    return namesIn(temp)
      .filter((name) => only === undefined || pathOf(temp, name) === only)
      .slice(0, mostEntries)
      .map((name) => {
        const facts = factsOf(temp, name, { ground, uses, deadline });
        return {
          ...judgeTemp(facts.entry, { before, inContainer, idle }),
          what: pathOf(temp, name),
          entry: { base: ground.folders.work, names: [...names, name] },
          identity: facts.identity,
        };
      });
  };
  return pathItem({ name: 'temp', judge }, { ...ground, enough: () => Promise.resolve(false) });
}

/** Returns why nothing is removed in a temp folder that is not where the runner creates it. */
function whyOdd(temp: string, names: readonly string[]): string | undefined {
  if (names.length !== 1 || names[0] === '..' || names[0] === '')
    return "it is not a folder of the runner's work folder";
  if (lstatSync(temp, { throwIfNoEntry: false })?.isSymbolicLink() === true) return 'it is a link';
  return mountsBelow(temp).includes(temp) ? 'another file system is mounted there' : undefined;
}

/** Returns the path of an entry for people. Two names that are not UTF-8 get different paths. */
const pathOf = (temp: string, name: string): string => join(temp, name.replaceAll('\0', '\uFFFD'));

function namesIn(temp: string): string[] {
  try {
    return readdirSync(temp, { encoding: 'buffer' }).map(decodeName);
  } catch {
    return [];
  }
}

function factsOf(
  temp: string,
  name: string,
  {
    ground,
    uses,
    deadline,
  }: { ground: Omit<Ground, 'enough'>; uses: readonly PathUse[]; deadline: Deadline },
): { entry: TempEntry; identity: string } {
  const path = Buffer.concat([Buffer.from(`${temp}/`), encodeName(name)]);
  try {
    const whyKept = whyItStays(join(realPathOf(temp), name.replaceAll('\0', '')), ground, uses);
    if (whyKept !== undefined) return { entry: { name, whyKept }, identity: '' };
    const identity = identityOf(path);
    return { entry: { name, whyKept, age: treeAge(path, mostBelow, deadline) }, identity };
  } catch (error) {
    return { entry: { name, whyKept: messageOf(error) }, identity: '' };
  }
}
