import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkIn,
  removeStagingFolder,
  findEntry,
  pathFromText,
  type Lease,
  openStore,
  restoreEntry,
  saveEntry,
} from '@runner-actions/store';
import { collect } from '../../../packages/store/src/evict.ts';
import { checkStore } from '../../../packages/store/src/fsck.ts';
import { listEvictables } from '../../../packages/store/src/evictables.ts';
import { statisticsOf } from '../../../packages/store/src/statistics.ts';
import { usageOf } from '../../../packages/store/src/disk-usage.ts';
import type { Random } from '@runner-actions/testing/hostile';
import { linkRule } from '../src/plan/link-rule.ts';
import { plain, type World } from './world.ts';

/** What came of each part of a job, in a word; a fault is an error of our own. */
export type Results = string[];

/** What main leaves for post. */
export interface Left {
  results: Results;
  lease?: Lease | undefined;
  trash: string[];
}

/** Looks an entry up and restores it, in one of the ways that there are. */
export function restoreOnce(world: World, random: Random): Left {
  const { root, space, target, folder, workspace } = world;
  const left: Left = { results: [], trash: [] };
  if (random.number(4) === 0) {
    mkdirSync(join(target, 'sub'), { recursive: true });
    writeFileSync(join(target, 'sub/before'), 'x');
  }
  attempt(left.results, 'restore', () => {
    const store = openStore(root);
    const key = random.pick(['mine', 'theirs', 'theirs', 'none']);
    const entry = findEntry(store, [space], key, random.pick([[], ['mi'], ['the', 'mi']]));
    if (entry === undefined) return 'a miss';
    const roots = {
      ...{ workspace, home: join(folder, 'home'), temp: join(folder, 'work/_temp') },
      tool: join(folder, 'work/_tool'),
    };
    const result = restoreEntry(store, entry, [pathFromText(target)], {
      ...plain,
      mode: random.pick(['auto', 'auto', 'auto', 'copy', 'reflink', 'hardlink', 'symlink']),
      onExisting: random.pick(['replace', 'replace', 'merge', 'update']),
      verify: random.pick(['off', 'stat', 'stat', 'full']),
      linksOf: () => linkRule(target, ['deps'], roots),
    });
    if (result.outcome !== 'restored') return result.outcome;
    left.lease = result.lease;
    left.trash = result.trash;
    return result.mode;
  });
  return left;
}

/** What the job does to its files. */
export function work({ target, built }: World, random: Random): void {
  const file = join(target, random.pick(['sub/file', 'empty', 'sub/deep/program', 'added']));
  if (random.number(2) === 0 && existsSync(target)) {
    try {
      if (random.number(2) === 0) rmSync(file, { force: true });
      else appendFileSync(file, 'changed');
    } catch {
      // It has no such folder, or links into the store may not be written.
    }
  }
  mkdirSync(join(built, 'sub'), { recursive: true });
  writeFileSync(join(built, 'sub/x'), 'built');
}

/** What post does, and what a timer's command does. */
export function endOnce(world: World, { results, lease, trash }: Left, random: Random): void {
  const { root, space, built } = world;
  attempt(results, 'save', () =>
    saveEntry(
      openStore(root),
      space,
      random.pick(['new', 'mine', 'theirs']),
      [{ path: pathFromText(built), place: { path: 0, below: '' } }],
      { repository: 'octo/app', move: random.number(2) === 0 },
    ),
  );
  if (lease !== undefined)
    attempt(
      results,
      'check in',
      () => checkIn(openStore(root), lease, { keep: random.number(4) > 0, most: 4 }).outcome,
    );
  for (const path of trash) removeStagingFolder(path);
  attempt(results, 'look', () => {
    const store = openStore(root);
    return `${usageOf(store).leftovers.folders} ${statisticsOf(store).staging} ${listEvictables(store).length}`;
  });
  attempt(results, 'check', () => {
    const { problems } = checkStore(openStore(root), { full: true, repair: random.number(2) === 0 });
    return problems.length;
  });
  attempt(results, 'collect', () => {
    const maxAge = random.pick([0, 1e9]);
    const bounds = { maxBytes: random.pick([0, 1e9]), maxAge, minFreeBytes: undefined };
    const gone = collect(openStore(root), bounds, { freeBytes: 1e12, now: Date.now() + 9e6 });
    return gone === 'busy' ? gone : gone.evicted.length;
  });
  rmSync(built, { recursive: true, force: true });
}

function attempt(results: Results, what: string, act: () => string | number): void {
  try {
    results.push(`${what}: ${act()}`);
  } catch (error) {
    results.push(`${what}: ${describe(error)}`);
  }
}

/** Each state of a store has an answer of its own: an error of the language is a fault. */
function describe(error: unknown): string {
  const { name, message, stack } = error as Error;
  const isOurs = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(name);
  return isOurs ? `fault: ${stack}` : message.replaceAll(/\/[^\s']+/g, '…');
}
