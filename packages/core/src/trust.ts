import { cachingEvents, causingEvents, deploymentEvents, ownEvents, pullRequestEvents } from './trusted-events.ts';
import type { Job } from './job.ts';

/** Whether the code that this run executes may reach machines of one's own, and why. */
export interface Trust {
  trusted: boolean;
  why: string;
}

export interface TrustFacts {
  eventName: string;
  payload: unknown;
  /** `owner/name` of the repository that the workflow runs in. */
  repository: string;
  /** GITHUB_REF; not given where it is not known. */
  ref?: string;
  actor: string;
  /** Author associations, and `dependabot`, that are trusted beyond the same repository. */
  allowed: readonly string[];
}

/**
 * Judges by event and payload; what it does not know it does not trust. This is defence in depth: a pull request can
 * change the workflow itself, so the boundary is the runner group. Source: GitHub's page "Secure use reference".
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
    return no('the deployment is of a commit that may be anyone’s, not of a branch or tag');
  if ([...ownEvents, ...deploymentEvents].includes(eventName))
    return yes(`${eventName} comes from the repository itself`);
  return no(`the event ${eventName || '(none)'} can be caused by anyone`);
}

/** `assessTrust` of the event that this job runs for. */
export function trustOf(job: Job, allowed: readonly string[]): Trust {
  return assessTrust({ ...factsOf(job), allowed });
}

/**
 * What a run may save to the cache of a ref. `default`: this is the default branch's, which all runs restore from. `own`:
 * only runs for that same ref restore it, or those that build on it. `none`: it may only read.
 * `allowed` does not count here: who may use a machine need not decide what all others restore.
 */
export type CacheWrites = 'none' | 'own' | 'default';

/**
 * Whether this job may save to the cache of `scope`, a ref such as `refs/heads/main`. Whoever opened a pull request may
 * save to its merge ref, which nothing but its own runs restores from. Source: GitHub's page "Dependency caching reference".
 */
export function cacheWritesOf(facts: Omit<TrustFacts, 'allowed'>, scope: string): CacheWrites {
  const isPullRequest = pullRequestEvents.includes(facts.eventName);
  if (scope.startsWith('refs/pull/')) return isPullRequest ? 'own' : 'none';
  const payload = record(facts.payload);
  if (isPullRequest || payload === undefined || !assessTrust({ ...facts, allowed: [] }).trusted)
    return 'none';
  const { event: cause = facts.eventName } = causeOf(facts, payload);
  const branch = record(payload['repository'])?.['default_branch'];
  // Some payloads do not name it: then any branch may be it, and on a schedule this one is.
  const isDefault = branch === undefined ? facts.eventName === 'schedule' : scope === `refs/heads/${branch}`;
  const mayBeDefault = isDefault || branch === undefined;
  if (mayBeDefault && !cachingEvents.includes(String(cause))) return 'none';
  return isDefault ? 'default' : 'own';
}

/** What the environment and the payload say of a job. */
export function factsOf(job: Job): Omit<TrustFacts, 'allowed'> {
  const { eventName, actor, ref, repository } = job;
  return { eventName, payload: job.payload(), repository: repository.fullName, ref, actor };
}

function ofPullRequest(facts: TrustFacts, payload: Fields): Trust {
  const pull = record(payload['pull_request']);
  const head = record(record(pull?.['head'])?.['repo']);
  if (pull === undefined) return no('the payload has no pull request');
  if (sameName(head?.['full_name'], facts.repository))
    return yes('the pull request comes from this repository');
  const association = String(pull['author_association'] ?? 'NONE');
  if (facts.allowed.includes(association)) return yes(`the author is ${association}, which is trusted`);
  return no(
    head === undefined ? 'the repository of the pull request is gone' : 'the pull request comes from a fork',
  );
}

/** It runs with this repository's code and rights whatever caused it, so the cause is what counts. */
function ofWorkflowRun(facts: TrustFacts, payload: Fields): Trust {
  const cause = causeOf(facts, payload);
  const event = String(cause['event'] ?? '');
  if (!sameName(record(cause['head_repository'])?.['full_name'], facts.repository))
    return no('the run that caused this one comes from a fork');
  if (!causingEvents.includes(event))
    return no(`the run that caused this one was for ${event || 'an event that is not told'}`);
  if (loginOf(cause['actor']) === undefined)
    return no('it is not told who caused the run that caused this one');
  return yes(`the run that caused this one was for ${event} of this repository`);
}

/** The run that caused this one, as far as it is told. */
function causeOf({ eventName }: Pick<TrustFacts, 'eventName'>, payload: Fields): Fields {
  return (eventName === 'workflow_run' ? record(payload['workflow_run']) : undefined) ?? {};
}

/**
 * A maintainer who re-runs Dependabot's run or reopens its pull request becomes the actor, so the author counts too; of a
 * run that caused this one, the branch tells.
 */
function isDependabot(facts: TrustFacts, payload: Fields): boolean {
  const cause = causeOf(facts, payload);
  const people = [record(payload['pull_request'])?.['user'], cause['actor'], cause['triggering_actor']];
  const branch = String(cause['head_branch'] ?? '').toLowerCase();
  return [facts.actor, ...people.map(loginOf)].includes('dependabot[bot]') || branch.startsWith('dependabot');
}

type Fields = Record<string, unknown>;

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function loginOf(person: unknown): string | undefined {
  const login = record(person)?.['login'];
  return typeof login === 'string' && login !== '' ? login : undefined;
}

function sameName(name: unknown, repository: string): boolean {
  return typeof name === 'string' && repository !== '' && name.toLowerCase() === repository.toLowerCase();
}

function yes(why: string): Trust {
  return { trusted: true, why };
}

function no(why: string): Trust {
  return { trusted: false, why };
}
