// One of the processes of `stress.ts`. Arguments: the store, a private folder, and the seconds to run.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDead, ownerName, ownerOf, readOwnerName } from '@runner-actions/host';
import {
  checkIn,
  removeStagingFolder,
  findEntry,
  pathFromText,
  importEntry,
  openStore,
  restoreEntry,
  saveEntry,
  type Space,
} from '../src/index.ts';
import { collect, type CollectOptions } from '../src/evict.ts';
import { checkStore } from '../src/fsck.ts';
import { withEntryLock } from '../src/entry-lock.ts';

const [root = '', own = '', seconds = '1'] = process.argv.slice(2);
const store = openStore(root);
const space: Space = { host: 'github.com', repositoryId: '1', scope: 'refs/heads/main', version: 'v' };
const counts: Record<string, number> = {};
const modes = ['auto', 'lease', 'copy', 'reflink', 'symlink', 'hardlink'] as const;
mkdirSync(own, { recursive: true });

/** Returns the contents of a tree for a key, so that every restored tree can be checked, no matter who saved it. */
function contentsOf(key: string): Map<string, string> {
  const files = Array.from(
    { length: 12 },
    (_, index) => [`d${index % 3}/f${index}`, `${key} ${index} `.repeat(index * 40)] as const,
  );
  return new Map(files);
}

function write(tree: string, key: string): void {
  for (const [path, text] of contentsOf(key)) {
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
}

function expectWhole(tree: string, key: string): void {
  const wanted = contentsOf(key);
  const there = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  if (there.length !== wanted.size) throw new Error(`${key}: ${there.length} files, not ${wanted.size}`);
  for (const [path, text] of wanted)
    if (readFileSync(join(tree, path), 'utf8') !== text) throw new Error(`${key}: ${path} has other content`);
}

const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;
const count = (name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};
const randomKey = (): string => `k-${Math.floor(Math.random() * 20)}`;

function save(): void {
  const [key, tree] = [randomKey(), join(own, 'made')];
  rmSync(tree, { recursive: true, force: true });
  write(tree, key);
  const sources = [{ path: pathFromText(tree), place: { path: 0, below: '' } }];
  const options = { repository: 'octo/app', digests: Math.random() < 0.5, move: Math.random() < 0.5 };
  count(saveEntry(store, space, key, sources, options));
}

/** Imports an entry as from another level: asynchronous, with the same time for every process. */
async function fetchAnother(): Promise<void> {
  const key = randomKey();
  const options = { repository: 'octo/other', digests: Math.random() < 0.5 };
  const outcome = await importEntry(store, space, key, options, async (folder) => {
    write(join(folder, 'tree-0'), key);
    await sleep(Math.random() * 5);
    return { trees: [{ place: { path: 0, below: '' } }], createdAt: 1_000_000 };
  });
  count(`fetched: ${outcome}`);
}

function restore(): void {
  const entry = findEntry(store, [space], randomKey(), ['k-1', 'k-']);
  if (entry === undefined) return count('miss');
  const target = join(own, 'target');
  const mode = pick(modes);
  // Nobody may write to linked files.
  const isLinked = mode === 'symlink' || mode === 'hardlink';
  const result = restoreEntry(store, entry, [pathFromText(target)], {
    mode,
    isImmutable: () => isLinked,
    onExisting: 'replace',
    verify: entry.metadata.digests ? pick(['stat', 'full']) : 'stat',
    job: ownerOf(process.pid),
    readyCopies: 3,
  });
  if (result.outcome === 'broken') throw new Error(`${entry.metadata.key} is broken: ${result.why}`);
  if (result.outcome === 'gone') return count('gone');
  count('restore');
  count(result.mode);
  expectWhole(target, entry.metadata.key);
  if (!isLinked) change(target);
  // Other processes evict and check meanwhile.
  else for (let look = 0; look < 5; look += 1) expectWhole(target, entry.metadata.key);
  if (result.lease !== undefined)
    count(checkIn(store, result.lease, { keep: Math.random() < 0.9, most: 3 }).outcome);
  for (const folder of result.trash) removeStagingFolder(folder);
}

function change(target: string): void {
  if (Math.random() < 0.5) writeFileSync(join(target, 'd1', 'f1'), 'changed');
  if (Math.random() < 0.3) rmSync(join(target, 'd2'), { recursive: true });
  if (Math.random() < 0.3) write(join(target, 'added'), 'x');
}

/**
 * Evicts as of twenty minutes later, so that recently used items may be evicted too. This is harder than a real
 * eviction.
 */
function evict(): void {
  const bounds = { maxBytes: 300_000 * Math.random(), maxAge: undefined, minFreeBytes: undefined };
  const result = collect(store, bounds, { freeBytes: 1e12, now: Date.now() + 1_200_000 });
  count(result === 'busy' ? 'busy' : 'collect');
  if (result !== 'busy') counts['evicted'] = (counts['evicted'] ?? 0) + result.evicted.length;
}

/** Removes items as an operator does: ignores the bounds, but keeps what a job holds. */
function prune(): void {
  const chosen: NonNullable<CollectOptions['chosen']> = (kept) =>
    kept.filter(({ held }) => !held && Math.random() < 0.3).map((one) => ({ ...one, why: 'asked' }));
  const bounds = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };
  const result = collect(store, bounds, { freeBytes: 1e12, now: Date.now(), chosen });
  count(result === 'busy' ? 'busy' : 'prune');
}

/** Two processes that hold the same entry lock would find each other's file. */
function checkEntryLock(): void {
  const path = join(root, 'alone');
  withEntryLock(store, path, () => {
    const other = readOwnerName(readFileSync(path, { encoding: 'utf8', flag: 'a+' }));
    if (other !== undefined && isDead(other) !== true) throw new Error('two processes hold one entry lock');
    writeFileSync(path, ownerName(ownerOf(process.pid)));
    for (let round = 0; round < 20; round += 1) readdirSync(join(root, 'locks'));
    rmSync(path);
  });
  count('alone');
}

function check(): void {
  const { problems } = checkStore(store, { full: true, repair: true });
  count('fsck');
  const real = problems.filter(({ what }) => !what.includes('not in the index'));
  if (real.length > 0) throw new Error(JSON.stringify(real));
}

const end = Date.now() + Number(seconds) * 1000;
// Each process that survives restores something, however slow the machine is.
for (let done = 0; Date.now() < end || (counts['restore'] === undefined && done < 1000); done += 1) {
  const dice = Math.random();
  if (dice < 0.25) save();
  else if (dice < 0.35) await fetchAnother();
  else if (dice < 0.85) restore();
  else if (dice < 0.9) checkEntryLock();
  else if (dice < 0.94) evict();
  else if (dice < 0.97) prune();
  else check();
}
console.log(JSON.stringify(counts));
