import type { Job } from '@runner-actions/core';
import {
  enterpriseRunners,
  type GitHub,
  GitHubFailure,
  hasLabels,
  isUserOwned,
  organizationRunners,
  repositoryRunners,
  type Runner,
} from '@runner-actions/github';
import { type Groups, isOfGroup, isVisible, readGroups } from './runner-groups-io.ts';
import { count, isEnough, type Observation, type Observe, unknownObservation } from './observation.ts';
import { enterpriseOf, payloadOf } from './event-payload.ts';
import type { ObservedPool } from './pool.ts';

/** Opens the lists of runners that a token may see. Each list is read once, page by page, and only as far as needed. */
export function openRunnerLists(github: GitHub, job: Job): Observe {
  const own = openList(repositoryRunners(github, job.repository));
  const shared = openList(organizationRunners(github, job.repository.owner));
  const enterprise = enterpriseOf(job);
  const enterpriseList =
    enterprise === undefined ? undefined : openList(enterpriseRunners(github, enterprise));
  const owner = payloadOf(job).repository?.owner?.type;
  let groups: Promise<Groups> | undefined;
  return async (pool, enough) => {
    const suffice = (runners: readonly Runner[]): boolean => isEnough(count(runners, pool.labels), enough);
    // Runners of the repository itself are not in a group that `runs-on` could name.
    const owned = (): readonly Runner[] => (pool.group === undefined ? own.runners : []);
    const readOwn = async (known: readonly Runner[]): Promise<void> => {
      if (pool.group === undefined) await own.read((runners) => suffice([...known, ...runners]));
    };
    // An organization usually shares its runners, so its list comes first. If the owner is not known, it comes last.
    if (owner !== 'Organization') await readOwn([]);
    if (owner === 'User' || suffice(owned())) return conclude(pool, owned(), [], { own: own.failure() });
    // Read the groups before the runners: only runners that this repository may use can end the search.
    groups ??= readGroups(github, job);
    const access = await groups;
    const inGroup = (runner: Runner): boolean => isOfGroup(runner, pool.group, access);
    const usable = (runners: readonly Runner[]) =>
      runners.filter((runner) => isVisible(runner, access.ids) && inGroup(runner));
    await shared.read((runners) => suffice([...owned(), ...usable(runners)]));
    if (owner === 'Organization' && !suffice(usable(shared.runners))) await readOwn(usable(shared.runners));
    const found = [...owned(), ...usable(shared.runners)];
    const mayInherit = enterpriseList !== undefined && pool.group === undefined && access.mayInherit;
    if (mayInherit && !matches(found, pool)) {
      await enterpriseList.read(suffice);
      found.push(...usable(enterpriseList.runners));
    }
    const hidden = shared.runners.filter((runner) => inGroup(runner) && !isVisible(runner, access.ids));
    const failures = {
      own: own.failure(),
      groups: access.failure,
      shared: shared.failure(),
      enterpriseList: enterpriseList?.failure(),
    };
    // A repository of a user has no organization. Then the missing lists are not failures.
    const isAbsent = [access.failure, shared.failure()].every((failure) => failure?.kind === 'not-found');
    const isUsers = isAbsent && own.failure() === undefined && (await isOfUser(github, job));
    return conclude(pool, found, hidden, isUsers ? {} : failures);
  };
}

/**
 * Returns whether a user owns the repository. If the payload does not name the owner's type, the function requests it
 * from GitHub.
 */
async function isOfUser(github: GitHub, job: Job): Promise<boolean> {
  const owner = payloadOf(job).repository?.owner?.type;
  try {
    return owner === undefined ? await isUserOwned(github, job.repository) : owner === 'User';
  } catch (error) {
    if (error instanceof GitHubFailure) return false;
    throw error;
  }
}

function matches(runners: readonly Runner[], { labels }: ObservedPool): boolean {
  return runners.some((runner) => hasLabels(runner, labels));
}

type Failures = Partial<Record<'own' | 'groups' | 'shared' | 'enterpriseList', GitHubFailure | undefined>>;

function conclude(
  pool: ObservedPool,
  found: readonly Runner[],
  hidden: readonly Runner[],
  failed: Failures,
): Observation {
  const failures = Object.values(failed).filter((failure) => failure !== undefined);
  const matchesHidden = hidden.filter((runner) => hasLabels(runner, pool.labels));
  // The failed list might contain matching runners. That the other list has none proves nothing.
  if (!matches(found, pool) && failures.length > 0) return unknownObservation('runners-api', failures);
  return seen(found, matchesHidden, pool, failures);
}

function seen(
  runners: readonly Runner[],
  hidden: readonly Runner[],
  { labels }: ObservedPool,
  failures: readonly GitHubFailure[],
): Observation {
  const detail = failures.map(({ message }) => message).join('; ');
  return {
    kind: 'seen',
    source: 'runners-api',
    confidence: failures.length === 0 ? 'high' : 'medium',
    ...count(runners, labels),
    hidden: hidden.length,
    detail,
    ...(detail === '' ? {} : { warning: `The decision uses only a part of the runner lists: ${detail}.` }),
  };
}

interface List {
  runners: readonly Runner[];
  read(isEnough: (runners: readonly Runner[]) => boolean): Promise<void>;
  failure(): GitHubFailure | undefined;
}

/** Opens a list. Each read continues after the last page. If a page fails, the earlier pages stay available. */
function openList(pages: AsyncGenerator<Runner[]>): List {
  const runners: Runner[] = [];
  let [isOver, failure] = [false, undefined as GitHubFailure | undefined];
  return {
    runners,
    failure: () => failure,
    async read(isEnough) {
      try {
        while (!isOver && !isEnough(runners)) {
          const { done, value } = await pages.next();
          isOver = done === true;
          runners.push(...(value ?? []));
        }
      } catch (error) {
        if (!(error instanceof GitHubFailure)) throw error;
        [isOver, failure] = [true, error];
      }
    },
  };
}
