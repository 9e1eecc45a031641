import { formatBytes, formatDuration, UserError } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import {
  checkStore,
  collect,
  type Collected,
  type Eviction,
  grace,
  type Kept,
  openStore,
  type Store,
  statisticsOf,
} from '@runner-actions/store';
import { boundsOn, type SettledBounds } from './bounds.ts';

export interface CommandOptions {
  dryRun: boolean;
  full: boolean;
  repository: string | undefined;
  /** What keys begin with. */
  key: string | undefined;
  /** Milliseconds since the last use. */
  olderThan: number | undefined;
}

export interface Answer {
  lines: string[];
  result: object;
  storeBytes: number;
  freedBytes: number;
  problems: number;
  /** For people and timers: the command is to end as failed. */
  failure?: string;
}

type Command = (root: string, bounds: SettledBounds, options: CommandOptions) => Promise<Answer>;

const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };

/** What operators do with a store. All but `stats` leave it as it was with `dryRun`. */
export const commands = { stats, gc, prune, fsck } satisfies Record<string, Command>;
export type CommandName = keyof typeof commands;

/** What is in it, repository by repository. */
async function stats(root: string): Promise<Answer> {
  const statistics = statisticsOf(openStore(root));
  const { entries, bytes, copies, copyBytes, held, quarantined } = statistics;
  const lines = [
    `${root}: ${entries} entries, ${formatBytes(bytes)}; ${copies} ready copies, ${formatBytes(copyBytes)}; ${held} in use; ${quarantined} in quarantine`,
    ...statistics.repositories.map(
      ({ repository, lastUse, ...own }) =>
        `  ${repository || '(unreadable)'}: ${own.entries} entries, ${formatBytes(own.bytes)}, last used ${formatDuration(Math.max(0, Date.now() - lastUse))} ago`,
    ),
  ];
  return { lines, result: statistics, storeBytes: bytes + copyBytes, freedBytes: 0, problems: 0 };
}

/** Holds the store to its bounds, and removes what dead jobs left. */
async function gc(root: string, settled: SettledBounds, { dryRun }: CommandOptions): Promise<Answer> {
  const store = openStore(root);
  const disk = await diskOf(root);
  if (isUnknown(disk)) throw new UserError(`${disk.unknown}.`);
  const bounds = boundsOn(disk.totalBytes, settled);
  const { availableBytes: freeBytes } = disk;
  return describe(store, collect(store, bounds, { freeBytes, now: Date.now(), dryRun }), dryRun);
}

/** Removes what the options choose, whatever the bounds; nothing that a job holds. */
async function prune(root: string, _bounds: SettledBounds, options: CommandOptions): Promise<Answer> {
  const { repository, key, olderThan, dryRun } = options;
  if (repository === undefined && key === undefined && olderThan === undefined)
    throw new UserError(
      'prune was not told what to remove. Give repository, key or older-than; older-than 0s is all.',
    );
  const now = Date.now();
  const fits = (one: Kept): boolean =>
    (repository === undefined || one.repository === repository) &&
    (key === undefined || one.key?.startsWith(key) === true) &&
    now - one.lastUse >= (olderThan ?? 0) &&
    (olderThan === 0 || now - one.lastUse >= grace);
  const chosen = (kept: readonly Kept[]): Eviction[] =>
    kept.filter((one) => !one.held && fits(one)).map((one) => ({ ...one, why: 'asked' }));
  const store = openStore(root);
  const collected = collect(store, none, { freeBytes: 0, now, dryRun, chosen });
  const answer = describe(store, collected, dryRun);
  // An eviction removes what nobody used, which need not be what was chosen.
  if (collected === 'busy') answer.failure = 'Nothing was pruned. Run prune again.';
  return answer;
}

function describe(store: Store, collected: Collected | 'busy', dryRun: boolean): Answer {
  const { bytes, copyBytes } = statisticsOf(store);
  const storeBytes = bytes + copyBytes;
  if (collected === 'busy') {
    const lines = ['Another process is evicting from this store.'];
    return { lines, result: { busy: true }, storeBytes, freedBytes: 0, problems: 0 };
  }
  const { evicted, debris } = collected;
  const verb = dryRun ? 'would go' : 'went';
  const lines = [
    `${evicted.length} entries and copies ${verb}, ${formatBytes(collected.bytes)}; ${debris} folders of dead jobs removed; ${formatBytes(storeBytes)} are in the store`,
    ...evicted.map(
      ({ kind, key, repository, bytes: size, why }) =>
        `  ${verb}: ${kind} ${JSON.stringify(key ?? '(unreadable)')} of ${repository || 'nobody'}, ${formatBytes(size)} (${why})`,
    ),
  ];
  return { lines, result: collected, storeBytes, freedBytes: collected.bytes, problems: 0 };
}

/** Looks at every file; what is not what it should be goes to quarantine. Fails where something was found and stays. */
async function fsck(root: string, _bounds: SettledBounds, { full, dryRun }: CommandOptions): Promise<Answer> {
  const store = openStore(root);
  const { bytes, copyBytes } = statisticsOf(store);
  const checked = checkStore(store, { full, repair: !dryRun });
  const { entries, copies, problems } = checked;
  const lines = [
    `${entries} entries and ${copies} ready copies checked${full ? ' with their content' : ''}: ${problems.length} problems`,
    ...problems.map(
      ({ folder, key, what, done }) =>
        `  ${key === undefined ? folder : JSON.stringify(key)}: ${what} (${done})`,
    ),
  ];
  const left = problems.filter(({ done }) => done === 'nothing').length;
  const answer = {
    lines,
    result: checked,
    storeBytes: bytes + copyBytes,
    freedBytes: 0,
    problems: problems.length,
  };
  return left === 0 ? answer : { ...answer, failure: `${left} problems are in the store ${root}.` };
}
