import type { Job } from '@runner-actions/core';
import {
  type GitHub,
  GitHubFailure,
  hasLabels,
  organizationRunners,
  type Pages,
  repositoryRunners,
  type Runner,
  type RunnerGroup,
} from '@runner-actions/github';
import {
  allowsFiles,
  type Groups,
  isOfGroup,
  isRestricted,
  isVisible,
  namesInherited,
  readGroups,
} from './runner-groups-io.ts';
import {
  count,
  isEnough,
  isServed,
  type ListedRunner,
  type Observation,
  type Observe,
  type OldestVersion,
  oldestVersionOf,
  unknownObservation,
} from './observation.ts';
import { isOfUser, payloadOf } from './event-payload.ts';
import type { InheritedRunners } from './inherited-runners-io.ts';
import { type ObservedPool, startsOnDemand } from './pool.ts';

/**
 * Opens the lists of runners that a token may see. Each list is read once, page by page, and only as far as needed.
 * @param files the workflow files that the jobs are written in; see `readGroups`
 */
export function openRunnerLists(github: GitHub, job: Job, files: readonly string[]): Observe {
  const own = openList(repositoryRunners(github, job.repository));
  const shared = openList(organizationRunners(github, job.repository.owner));
  const owner = payloadOf(job).repository?.owner?.type;
  const oldest = oldestVersionOf(job);
  // The enterprise lists its own groups as not inherited, and they may let in files of any of its organizations.
  const allows = (group: RunnerGroup): boolean =>
    allowsFiles({ ...group, inherited: true }, files, job) === 'yes';
  let [groups, inherited] = [
    undefined as Promise<Groups> | undefined,
    undefined as Promise<InheritedRunners[]> | undefined,
  ];
  return async (pool, enough) => {
    const suffice = (runners: readonly Runner[]): boolean =>
      isEnough(count(runners, pool.labels, oldest), enough);
    // Runners of the repository itself are not in a group that `runs-on` could name.
    const owned = (): Usable[] =>
      pool.group === undefined ? own.runners.map((one) => ({ ...one, isRestricted: false })) : [];
    const readOwn = async (known: readonly Runner[]): Promise<void> => {
      if (pool.group === undefined) await own.read(() => suffice([...known, ...own.runners]));
    };
    const ownList = { name: "the repository's list", list: own };
    const conclude = (found: readonly Usable[], hidden: readonly Runner[], failures: Failures): Observation =>
      concludeFrom({ pool, oldest, found, hidden, failures });
    // An organization usually shares its runners, so its list comes first. If the owner is not known, it comes last.
    if (owner !== 'Organization') await readOwn([]);
    if (owner === 'User' || suffice(owned())) return conclude(owned(), [], failuresOf([ownList]));
    // Read the groups before the runners: only runners that this repository may use can end the search.
    const access = await (groups ??= readGroups(github, job, files));
    const inGroup = (runner: Runner): boolean => isOfGroup(runner, pool.group, access);
    const usable = (): Usable[] =>
      shared.runners
        .filter((runner) => isVisible(runner, access.ids) && inGroup(runner))
        .map((runner) => ({ ...runner, isRestricted: isRestricted(runner, access) }));
    await shared.read(() => suffice([...owned(), ...usable()]));
    if (owner === 'Organization' && !suffice(usable())) await readOwn(usable());
    // A repository of a user has no organization. Then the missing lists are not failures.
    const isAbsent = [access.failure, shared.failure()].every((failure) => failure?.kind === 'not-found');
    if (isAbsent && own.failure() === undefined && (await isOfUser(github, job)))
      return conclude(owned(), [], failuresOf([ownList]));
    const found = [...owned(), ...usable()];
    const failures = failuresOf([ownList, { name: "the organization's list", list: shared }]);
    if (access.failure !== undefined) failures.failed.push(access.failure);
    if (!suffice(found)) {
      const above = await (inherited ??= import('./inherited-runners-io.ts').then(({ readInherited }) =>
        readInherited(github, job, usableInherited(access), allows),
      ));
      const named = above.filter(({ group }) => namesInherited(pool.group, group));
      found.push(...named.flatMap(usableOf));
      failures.failed.push(...named.flatMap(({ failure }) => failure ?? []));
    }
    const unusable = shared.runners.filter((runner) => inGroup(runner) && !isVisible(runner, access.ids));
    const matching = unusable.filter((runner) => hasLabels(runner, pool.labels));
    failures.failed.push(...unsureFailures(matching, access));
    return conclude(found, matching, failures);
  };
}

/** A runner that the job may use. */
type Usable = Runner & ListedRunner;

function usableOf({ runners, isRestricted }: InheritedRunners): Usable[] {
  return runners.map((runner) => ({ ...runner, isRestricted }));
}

/** Returns the groups of the enterprise that the job may use. */
function usableInherited({ groups, ids }: Groups): RunnerGroup[] {
  return groups.filter(({ id, inherited }) => inherited && ids?.has(id) === true);
}

/** Returns why it is unknown whether the job may use some of the runners. */
function unsureFailures(runners: readonly Runner[], { unsure }: Groups): GitHubFailure[] {
  const ids = new Set(runners.map(({ groupId }) => groupId));
  return [...unsure].filter(([id]) => ids.has(id)).map(([, failure]) => failure);
}

/** Which lists were read to their end, and why the others were not. */
interface Failures {
  complete: string[];
  failed: GitHubFailure[];
}

function failuresOf(lists: readonly { name: string; list: List }[]): Failures {
  return {
    complete: lists.filter(({ list }) => list.isComplete()).map(({ name }) => name),
    failed: lists.map(({ list }) => list.failure()).filter((failure) => failure !== undefined),
  };
}

/**
 * Concludes from the lists. Runners that were found exist, also if a list is incomplete. That no runner has the labels,
 * or that none is online, follows only from complete lists.
 */
function concludeFrom({
  pool,
  oldest,
  found,
  hidden,
  failures: { complete, failed },
}: {
  pool: ObservedPool;
  oldest: OldestVersion;
  found: readonly Usable[];
  hidden: readonly Runner[];
  failures: Failures;
}): Observation {
  const { labels, isDeclared } = pool;
  const { outdated, ...counts } = count(found, labels, oldest);
  const detail = failed.map(({ message }) => message).join('; ');
  // A list that the token may not read at all says nothing about a pool whose runners are in the other list.
  const isCut = failed.some(({ kind }) => kind !== 'forbidden' && kind !== 'not-found');
  const mayBeElsewhere = counts.matching === 0 && !startsOnDemand(pool);
  if (counts.online === 0 && failed.length > 0 && (isCut || mayBeElsewhere)) {
    const what = counts.matching > 0 ? 'is online' : `has the labels ${labels.join(', ')}`;
    const seen = complete.map((name) => `in ${name}, no runner ${what}; but `).join('');
    return { ...unknownObservation('runners-api', failed), detail: `${seen}${detail}` };
  }
  // Unless the kind is declared, a scale set or a machine on demand with the same labels may start runners.
  const isSure = failed.length === 0 && (counts.online > 0 || isDeclared);
  const matching = found.filter((runner) => hasLabels(runner, labels));
  const idle = matching.filter((runner) => !runner.busy && isServed(runner, oldest));
  const offline = matching.filter(({ online }) => !online);
  return {
    ...{ kind: 'seen', source: 'runners-api', confidence: isSure ? 'high' : 'medium' },
    ...{ ...counts, outdated, idle, offline, hidden: hidden.length, detail },
    ...(detail === '' || startsOnDemand(pool)
      ? {}
      : { warning: `The decision uses only a part of the runner lists: ${detail}.` }),
  };
}

interface List {
  runners: readonly Runner[];
  read(isEnough: () => boolean): Promise<void>;
  /** Returns why the list could not be read, or is incomplete. */
  failure(): GitHubFailure | undefined;
  /** Whether all runners of the list are known. */
  isComplete(): boolean;
}

/** Opens a list. Each read continues after the last page. If a page fails, the earlier pages stay available. */
function openList(pages: Pages<Runner>): List {
  const runners: Runner[] = [];
  let [isOver, failure] = [false, undefined as GitHubFailure | undefined];
  return {
    runners,
    failure: () => failure,
    isComplete: () => isOver && failure === undefined,
    async read(isEnough) {
      try {
        while (!isOver && !isEnough()) {
          const { done, value } = await pages.next();
          isOver = done === true;
          if (done === true) failure = value;
          else runners.push(...value);
        }
      } catch (error) {
        if (!(error instanceof GitHubFailure)) throw error;
        [isOver, failure] = [true, error];
      }
    },
  };
}
