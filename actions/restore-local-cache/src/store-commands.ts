import { type ExitCode, exitCodes } from '@runner-actions/core';
import { diskOf, isUnknown } from '@runner-actions/host';
import {
  asOwnerOf,
  type Bounds,
  checkStore,
  collect,
  type CollectOptions,
  type Eviction,
  findStore,
  type Kept,
  removeAsRoot,
  type Store,
  StoreUnusable,
  statisticsOf,
  usageOf,
} from '@runner-actions/store';
import { boundsOn, type SettledBounds } from './bounds.ts';
import { count } from './named.ts';
import type { CommandName, CommandOptions } from './store-arguments.ts';
import { checkedLines, collectedLines, statisticsLines } from './store-text.ts';

export interface Answer {
  lines: string[];
  result: object;
  storeBytes: number;
  freedBytes: number;
  problems: number;
  /** For people and timers. */
  code: ExitCode;
  /** A step of a workflow is to fail with it. */
  failure?: string;
}

type Command = (root: string, bounds: SettledBounds, options: CommandOptions) => Promise<Answer> | Answer;

const none = { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined };

/** What operators do with a store. All but `stats` leave it as it was with `dryRun`; none makes one. */
export const commands: Record<CommandName, Command> = { stats, gc, prune, fsck };

/** What is in it, repository by repository, and on the disk. */
function stats(root: string): Answer {
  const [store, statistics] = asOwnerOf(root, () => {
    const found = findStore(root);
    return [found, statisticsOf(found)] as const;
  });
  const { bytes, copyBytes } = statistics;
  const usage = usageOf(store);
  return {
    lines: statisticsLines(root, statistics, usage, Date.now()),
    result: { ...statistics, disk: usage },
    ...{ storeBytes: bytes + copyBytes, freedBytes: 0, problems: 0 },
    code: usage.unreadElsewhere === 0 ? exitCodes.well : exitCodes.attention,
  };
}

/** Holds the store to its bounds, and removes what dead jobs left. */
async function gc(root: string, settled: SettledBounds, { dryRun }: CommandOptions): Promise<Answer> {
  asOwnerOf(root, () => findStore(root));
  const disk = await diskOf(root);
  if (isUnknown(disk)) throw new StoreUnusable(disk.unknown);
  const bounds = boundsOn(disk.totalBytes, settled);
  return take(root, bounds, { freeBytes: disk.availableBytes, now: Date.now(), dryRun });
}

/** Removes what the options choose, whatever the bounds, and however short a time ago it was used; nothing that a job holds. */
function prune(root: string, _bounds: SettledBounds, options: CommandOptions): Answer {
  const { repository, key, olderThan, dryRun } = options;
  const now = Date.now();
  const fits = (one: Kept): boolean =>
    (repository === undefined || one.repository === repository) &&
    (key === undefined || one.key?.startsWith(key) === true) &&
    now - one.lastUse >= (olderThan || -Infinity);
  const chosen = (kept: readonly Kept[]): Eviction[] =>
    kept.filter((one) => !one.held && fits(one)).map((one) => ({ ...one, why: 'asked' }));
  const answer = take(root, none, { freeBytes: 0, now, dryRun, chosen });
  // An eviction removes what nobody used, which need not be what was chosen.
  return answer.code === exitCodes.findings
    ? { ...answer, failure: 'Nothing was pruned. Run prune again.' }
    : answer;
}

function take(root: string, bounds: Bounds, options: CollectOptions): Answer {
  const [store, collected] = asOwnerOf(root, () => {
    const found = findStore(root);
    return [found, collect(found, bounds, options)] as const;
  });
  const { dryRun = false } = options;
  if (collected === 'busy') {
    const lines = ['Another process is evicting from this store: nothing was done. Run it again.'];
    const common = { storeBytes: keptBytes(store), freedBytes: 0, problems: 0 };
    return { lines, result: { busy: true }, ...common, code: exitCodes.findings };
  }
  const left = dryRun ? collected.left : removeAsRoot(root, collected.left);
  const debris = collected.debris + (dryRun ? 0 : collected.left.length - left.length);
  const done = { ...collected, left, debris };
  const usage = usageOf(store);
  const isWell = left.length === 0 && usage.unreadElsewhere === 0;
  return {
    lines: collectedLines(done, usage, dryRun),
    result: { ...done, disk: usage },
    ...{ storeBytes: keptBytes(store), freedBytes: done.bytes, problems: 0 },
    code: isWell ? exitCodes.well : exitCodes.attention,
  };
}

function keptBytes(store: Store): number {
  const { bytes, copyBytes } = asOwnerOf(store.root, () => statisticsOf(store));
  return bytes + copyBytes;
}

/** Looks at every file; what is not what it should be goes to quarantine. Fails where something was found and stays. */
function fsck(root: string, _bounds: SettledBounds, { full, dryRun }: CommandOptions): Answer {
  const [store, checked] = asOwnerOf(root, () => {
    const found = findStore(root);
    return [found, checkStore(found, { full, repair: !dryRun && !found.readOnly })] as const;
  });
  const storeBytes = keptBytes(store);
  const { problems } = checked;
  const left = problems.filter(({ done }) => done === 'nothing' || done === 'unread').length;
  const isUnknown = problems.some(({ done }) => done === 'unread');
  return {
    lines: checkedLines(checked, full),
    result: checked,
    ...{ storeBytes, freedBytes: 0, problems: problems.length },
    code: isUnknown ? exitCodes.attention : left === 0 ? exitCodes.well : exitCodes.findings,
    ...(left === 0 ? {} : { failure: `The store ${root} has ${count(left, 'problem')}.` }),
  };
}
