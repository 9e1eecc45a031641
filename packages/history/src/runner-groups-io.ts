import type { Job } from '@runner-actions/core';
import {
  allPages,
  type GitHub,
  GitHubFailure,
  type Runner,
  type RunnerGroup,
  visibleRunnerGroups,
} from '@runner-actions/github';
import { payloadOf } from './event-payload.ts';

/** The runner groups of an organization, and which of them a job may use. */
export interface Groups {
  /** Ids of the groups that the job may use; `undefined` if the groups could not be read. */
  ids: ReadonlySet<number> | undefined;
  /** Id of each group, by its name in lower case. */
  byName: ReadonlyMap<string, number>;
  /** The groups that the repository may use, also those that are restricted to other workflow files. */
  groups: readonly RunnerGroup[];
  /** Why it is unknown whether the job may use a group, by the group's id. */
  unsure: ReadonlyMap<number, GitHubFailure>;
  failure?: GitHubFailure;
}

/**
 * Reads the groups that a job may use. Source: GitHub's page "Managing access to self-hosted runners using groups".
 * @param files the workflow files that the jobs are written in, as `owner/repo/path@ref`. A group that is restricted to
 * workflows allows the file of the job: for a job of a reusable workflow the called file, not the caller's
 */
export async function readGroups(github: GitHub, job: Job, files: readonly string[]): Promise<Groups> {
  const isPublic = payloadOf(job).repository?.private === false;
  const [ids, byName, groups] = [new Set<number>(), new Map<string, number>(), [] as RunnerGroup[]];
  const unsure = new Map<number, GitHubFailure>();
  const found = { ids, byName, groups, unsure };
  try {
    for (const group of await allPages(visibleRunnerGroups(github, job.repository))) {
      byName.set(group.name.toLowerCase(), group.id);
      if (isPublic && !group.allowsPublicRepositories) continue;
      groups.push(group);
      const allowed = allowsFiles(group, files, job);
      if (allowed === 'unsure') unsure.set(group.id, unsureOf(group));
      if (allowed === 'yes') ids.add(group.id);
    }
    return found;
  } catch (error) {
    if (error instanceof GitHubFailure) return { ...found, ids: undefined, failure: error };
    throw error;
  }
}

/** Returns whether a group allows the jobs of all these workflow files. */
export function allowsFiles(
  group: Pick<RunnerGroup, 'restrictedToWorkflows' | 'selectedWorkflows'> & { inherited?: boolean },
  files: readonly string[],
  { environment, repository }: Pick<Job, 'environment' | 'repository'>,
): 'yes' | 'no' | 'unsure' {
  if (!group.restrictedToWorkflows) return 'yes';
  if (files.length === 0) return 'unsure';
  // Whatever such a group selects, it does not let in workflow files of another organization.
  const isForeign = (file: string): boolean => !isSameOwner(file, repository.owner);
  if (group.inherited === false && files.some(isForeign)) return 'no';
  const selected = group.selectedWorkflows.map(normalized);
  const answers = files.map((file) => {
    const [path = '', ref = ''] = splitRef(normalized(file));
    const isOfRun = file === environment['GITHUB_WORKFLOW_REF'];
    const commit = isOfRun ? (environment['GITHUB_WORKFLOW_SHA'] ?? '').toLowerCase() : '';
    const names = [ref, ref.replace(/^refs\/(heads|tags)\//, ''), commit].map((one) => `${path}@${one}`);
    if (names.some((name) => selected.includes(name))) return 'yes';
    // Whether GitHub tells branches apart by case alone is not documented.
    if (names.some((name) => selected.some((one) => one.toLowerCase() === name.toLowerCase())))
      return 'unsure';
    // The commit of the file is known only for the run's own file, so the group may name that commit.
    const namesCommit = selected.some((name) => name.startsWith(`${path}@`) && /@[\da-f]{40}$/.test(name));
    return namesCommit && commit === '' && !/^[\da-f]{40}$/.test(ref) ? 'unsure' : 'no';
  });
  if (answers.includes('no')) return 'no';
  return answers.includes('unsure') ? 'unsure' : 'yes';
}

/** Returns the name of a workflow file with its path in lower case. Names of branches differ by case. */
function normalized(file: string): string {
  const [path, ref] = splitRef(file);
  return `${path.toLowerCase()}@${ref}`;
}

/** Splits `path@ref`. A ref may contain `@`. */
function splitRef(file: string): [path: string, ref: string] {
  const at = file.indexOf('@');
  return at < 0 ? [file, ''] : [file.slice(0, at), file.slice(at + 1)];
}

function isSameOwner(file: string, owner: string): boolean {
  return file.toLowerCase().startsWith(`${owner.toLowerCase()}/`);
}

function unsureOf({ name }: RunnerGroup): GitHubFailure {
  return new GitHubFailure(
    'incomplete',
    `the runner group ${name} is restricted to workflows, and it is unknown which file or commit these jobs belong to`,
  );
}

export function isVisible(runner: Runner, visible: ReadonlySet<number> | undefined): boolean {
  return visible === undefined || runner.groupId === undefined || visible.has(runner.groupId);
}

/** Returns whether a runner takes jobs of selected workflow files only. */
export function isRestricted({ groupId }: Runner, { groups }: Groups): boolean {
  return groups.some(({ id, restrictedToWorkflows }) => id === groupId && restrictedToWorkflows);
}

/**
 * Returns whether a runner of the organization's list is in the group that `runs-on` names. The name may begin with
 * `org/` or `ent/`, for a group of the organization or of the enterprise. Source: GitHub's page "Choosing the runner for
 * a job".
 */
export function isOfGroup({ groupId }: Runner, group: string | undefined, { byName }: Groups): boolean {
  if (group === undefined) return true;
  const { name, level } = groupName(group);
  return level !== 'ent' && groupId !== undefined && byName.get(name) === groupId;
}

/** Returns whether `runs-on` names this group of the enterprise, or no group. */
export function namesInherited(wanted: string | undefined, group: string): boolean {
  if (wanted === undefined) return true;
  const { name, level } = groupName(wanted);
  return level !== 'org' && name === group.toLowerCase();
}

function groupName(group: string): { name: string; level: string | undefined } {
  const [, level, name = ''] = /^(?:(org|ent)\/)?(.*)$/s.exec(group.toLowerCase()) ?? [];
  return { name, level };
}
