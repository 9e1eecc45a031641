import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { type PathUse, realPathOf } from '@runner-actions/host';
import { type Ground, identityOf, usesIn, whyItStays } from './ground.ts';
import { type PathItem, pathItem, type PathStep } from './path-item.ts';
import { currentVersion, judgeRest, judgeVersion, type VersionFolder, versionIn } from './runner-versions.ts';
import { entriesOf, treeAge } from './tree-age.ts';

const name = 'old-runner-versions';
const mostEntries = 10_000;
/** A version of the runner has about 15,000 files. */
const mostBelow = 200_000;

/** Removes versions of the runner that updates have replaced, and their rest in `_work`. Linux only. */
export function runnerVersionsItem(ground: Ground): PathItem {
  const { root, work } = ground.folders;
  const judge = (deadline: Deadline, only?: string): PathStep[] => {
    if (root === undefined) return [];
    const folders = [realPathOf(root), realPathOf(work)];
    const uses = usesIn(folders, ground);
    if (typeof uses === 'string') return [{ action: 'keep', what: root, why: uses }];
    const current = currentVersion(targetOf(root, 'bin'), targetOf(root, 'externals'));
    const names = entriesOf(root, mostEntries).filter((entry) => versionIn(entry) !== undefined);
    const found = [
      ...names.map((entry) => ({ base: root, entry })),
      ...['_update', '_update.sh'].map((entry) => ({ base: work, entry })),
    ].filter(({ base, entry }) => only === undefined || join(base, entry) === only);
    return found.flatMap(({ base, entry }): PathStep[] => {
      const what = join(base, entry);
      const facts = factsOf(base, entry, ground, uses, deadline);
      if (facts === undefined) return [];
      const step = { what, entry: { base, names: [entry] }, identity: facts.identity };
      if (base === work) return [{ ...step, ...judgeRest(facts) }];
      if (typeof current === 'string') return [{ ...step, action: 'keep', why: current }];
      return [{ ...step, ...judgeVersion(facts, current) }];
    });
  };
  return pathItem({ name, judge }, ground);
}

/** Returns the name that a link of the runner leads to, if it is a folder beside it. */
function targetOf(root: string, link: string): string | undefined {
  try {
    const target = resolve(root, readlinkSync(join(root, link)));
    return realPathOf(dirname(target)) === realPathOf(root) ? basename(target) : '';
  } catch {
    return undefined;
  }
}

function factsOf(
  base: string,
  entry: string,
  ground: Ground,
  uses: readonly PathUse[],
  deadline: Deadline,
): (VersionFolder & { identity: string }) | undefined {
  const path = join(realPathOf(base), entry);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const kind = entry === '_update.sh' ? found.isFile() : found.isDirectory();
  const identity = identityOf(path);
  const whyKept = kind ? whyItStays(path, ground, uses) : 'it is not what an update of the runner leaves';
  if (whyKept !== undefined) return { name: entry, age: 0, whyKept, identity };
  const { newest, unseen } = treeAge(path, mostBelow, deadline);
  const age = ground.now - newest;
  return { name: entry, age, whyKept: unseen && `it is not known when it changed: ${unseen}`, identity };
}
