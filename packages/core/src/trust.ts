import {
  defaultCacheEvents,
  workflowRunCauses,
  deploymentEvents,
  writeAccessEvents,
  pullRequestEvents,
} from './trusted-events.ts';
import type { Job } from './job.ts';

/** Whether the code that this run executes may use self-hosted machines, and why. */
export interface Trust {
  trusted: boolean;
  why: string;
}

export interface TrustFacts {
  eventName: string;
  payload: unknown;
  /** `owner/name` of the repository that the workflow runs in. */
  repository: string;
  /** GITHUB_REF; missing if it is not known. */
  ref?: string;
  actor: string;
  /** Author associations, and `dependabot`, that are trusted in addition to the same repository. */
  allowed: readonly string[];
}

/**
 * Decides by the event and its payload whether a run is trusted. An unknown event is not trusted. This is defence in
 * depth: a pull request can change the workflow itself, so the security boundary is the runner group. Source:
 * GitHub's page "Secure use reference".
 */
export function assessTrust(facts: TrustFacts): Trust {
  const payload = record(facts.payload);
  const { eventName } = facts;
  if (payload === undefined) return no('the event payload cannot be read');
  if (isDependabot(facts, payload) && !facts.allowed.includes('dependabot'))
    return no('Dependabot is not trusted');
  if (pullRequestEvents.includes(eventName)) return ofPullRequest(facts, payload);
  if (eventName === 'workflow_run') return ofWorkflowRun(facts, payload);
  if (deploymentEvents.includes(eventName) && !/^refs\/(heads|tags)\//.test(facts.ref ?? ''))
    return no('the deployment names a commit, not a branch or tag, and anyone can have written the commit');
  if ([...writeAccessEvents, ...deploymentEvents].includes(eventName))
    return yes(`${eventName} comes from the repository itself`);
  return no(`anyone can trigger the event ${eventName || '(none)'}`);
}

/** Calls `assessTrust` for the event of this job. */
export function trustOf(job: Job, allowed: readonly string[]): Trust {
  return assessTrust({ ...trustFactsOf(job), allowed });
}

/**
 * Whether a run may save to the cache of a ref. `default`: yes, and the ref is the default branch, from which all
 * runs restore. `own`: yes, and only runs for the same ref, or for a ref that is based on it, restore from it.
 * `none`: the run may only read. `allowed` does not count here: a user who may use a machine must not decide what all
 * other runs restore.
 */
export type CacheWrites = 'none' | 'own' | 'default';

/**
 * Decides whether this job may save to the cache of `scope`, a ref such as `refs/heads/main`. A run for a pull
 * request may save to the merge ref: only runs for the same pull request restore from it. Source: GitHub's page
 * "Dependency caching reference".
 */
export function cacheWritesOf(facts: Omit<TrustFacts, 'allowed'>, scope: string): CacheWrites {
  const isPullRequest = pullRequestEvents.includes(facts.eventName);
  if (scope.startsWith('refs/pull/')) return isPullRequest ? 'own' : 'none';
  const payload = record(facts.payload);
  if (isPullRequest || payload === undefined || !assessTrust({ ...facts, allowed: [] }).trusted)
    return 'none';
  const { event: cause = facts.eventName } = causeOf(facts, payload);
  const branch = record(payload['repository'])?.['default_branch'];
  // Some payloads do not name the default branch. Then any branch may be the default; a schedule runs only on the
  // default branch.
  const isDefault = branch === undefined ? facts.eventName === 'schedule' : scope === `refs/heads/${branch}`;
  const mayBeDefault = isDefault || branch === undefined;
  if (mayBeDefault && !defaultCacheEvents.includes(String(cause))) return 'none';
  return isDefault ? 'default' : 'own';
}

/** Returns the facts about a job that its environment and payload contain. */
export function trustFactsOf(job: Job): Omit<TrustFacts, 'allowed'> {
  const { eventName, actor, ref, repository } = job;
  return { eventName, payload: job.payload(), repository: repository.fullName, ref, actor };
}

function ofPullRequest(facts: TrustFacts, payload: Fields): Trust {
  const pull = record(payload['pull_request']);
  const head = record(record(pull?.['head'])?.['repo']);
  if (pull === undefined) return no('the payload has no pull request');
  if (head === undefined) return no('the repository of the pull request is gone');
  if (sameName(head['full_name'], facts.repository))
    return yes('the pull request comes from this repository');
  const fork = 'the pull request comes from a fork';
  const association = String(pull['author_association'] ?? 'NONE');
  if (!facts.allowed.includes(association)) return no(fork);
  if (!isOwnedBy(head, pull['user'])) return no(`${fork} that does not belong to its author`);
  return yes(`the author is ${association}, which is trusted`);
}

/**
 * Whether a fork belongs to the author of the pull request. Anyone can open a pull request for the branch of another
 * user's fork, and that user can push to it afterwards.
 */
function isOwnedBy(fork: Fields, author: unknown): boolean {
  const [owner] = String(fork['full_name'] ?? '').split('/', 1);
  return sameName(loginOf(author), owner ?? '');
}

/** A `workflow_run` always runs with this repository's code and permissions, so the run that triggered it counts. */
function ofWorkflowRun(facts: TrustFacts, payload: Fields): Trust {
  const cause = causeOf(facts, payload);
  const event = String(cause['event'] ?? '');
  if (!sameName(record(cause['head_repository'])?.['full_name'], facts.repository))
    return no('the run that triggered this one comes from a fork');
  if (!workflowRunCauses.includes(event))
    return no(`the run that triggered this one ran for ${event || 'an unknown event'}`);
  if (loginOf(cause['actor']) === undefined)
    return no('the payload does not say who started the run that triggered this one');
  return yes(`the run that triggered this one ran for ${event} of this repository`);
}

/** Returns the run that triggered this one; an empty object if the payload does not name it. */
function causeOf({ eventName }: Pick<TrustFacts, 'eventName'>, payload: Fields): Fields {
  return (eventName === 'workflow_run' ? record(payload['workflow_run']) : undefined) ?? {};
}

/**
 * Decides whether Dependabot caused this run. A maintainer who re-runs Dependabot's run or reopens its pull request
 * becomes the actor, so the author counts as well. For a run that triggered this one, the name of its branch counts.
 */
function isDependabot(facts: TrustFacts, payload: Fields): boolean {
  const cause = causeOf(facts, payload);
  const users = [record(payload['pull_request'])?.['user'], cause['actor'], cause['triggering_actor']];
  const branch = String(cause['head_branch'] ?? '').toLowerCase();
  return [facts.actor, ...users.map(loginOf)].includes('dependabot[bot]') || branch.startsWith('dependabot');
}

type Fields = Record<string, unknown>;

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function loginOf(user: unknown): string | undefined {
  const login = record(user)?.['login'];
  return typeof login === 'string' && login !== '' ? login : undefined;
}

function sameName(name: unknown, other: string): boolean {
  return typeof name === 'string' && other !== '' && name.toLowerCase() === other.toLowerCase();
}

function yes(why: string): Trust {
  return { trusted: true, why };
}

function no(why: string): Trust {
  return { trusted: false, why };
}
