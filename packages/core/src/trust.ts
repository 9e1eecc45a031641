import {
  defaultCacheEvents,
  workflowRunCauses,
  deploymentEvents,
  writeAccessEvents,
  labelEvents,
  pullRequestEvents,
} from './trusted-events.ts';
import { trustedPermissions } from './trust-entry.ts';
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
  /** Who is trusted in addition to the same repository, as `parseTrustEntry` returns it. */
  allowed: readonly string[];
  /** What GitHub says about the author of the pull request. Missing: it was not asked, or gave no answer. */
  author?: AuthorPermission;
}

/** An account, and its access to the repository that the workflow runs in. */
export interface AuthorPermission {
  login: string;
  id: number;
  /** `admin`, `write`, `read` or `none`. */
  permission: string;
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

/**
 * Returns the login of the pull request's author if the run is not trusted so far, and would be if GitHub said that the
 * author is an administrator.
 */
export function authorInQuestion(facts: Omit<TrustFacts, 'author'>): string | undefined {
  const user = record(record(record(facts.payload)?.['pull_request'])?.['user']);
  const [login, id] = [loginOf(user), user?.['id']];
  if (login === undefined || typeof id !== 'number' || assessTrust(facts).trusted) return undefined;
  const isDecisive = assessTrust({ ...facts, author: { login, id, permission: 'admin' } }).trusted;
  return isDecisive ? login : undefined;
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
  return ofLabel(facts, payload) ?? ofAuthor(facts, pull, head);
}

/**
 * Trusts a fork if adding a label started this run. The labels that a pull request has say nothing about its commit: its
 * author may have pushed since. A run that adding a label started has the commit of that moment, and so do its re-runs.
 */
function ofLabel({ allowed, eventName }: TrustFacts, payload: Fields): Trust | undefined {
  const name = record(payload['label'])?.['name'];
  if (!labelEvents.includes(eventName) || payload['action'] !== 'labeled') return undefined;
  const sha = record(record(payload['pull_request'])?.['head'])?.['sha'];
  if (typeof name !== 'string' || typeof sha !== 'string' || !allowed.includes(`label:${name}`))
    return undefined;
  return yes(`the label '${name}' was added for the commit ${sha.slice(0, 7)}`);
}

function ofAuthor({ allowed, author }: TrustFacts, pull: Fields, fork: Fields): Trust {
  const start = ['the pull request comes from a fork'];
  if (allowed.some((entry) => entry.startsWith('label:')))
    start.push('this run was not started by adding a trusted label');
  const refuse = (...why: string[]): Trust => no([...start, ...why].join('; '));
  const association = String(pull['author_association'] ?? 'NONE');
  const isTrustedAssociation = allowed.includes(association);
  const needed = trustedPermissions.find((level) => allowed.includes(`permission:${level}`));
  if (!isTrustedAssociation && needed === undefined) return refuse();
  if (!isOwnedBy(fork, pull['user'])) return refuse('the fork does not belong to its author');
  if (isTrustedAssociation) return yes(`the author is ${association}, which is trusted`);
  if (needed === undefined || author === undefined) return refuse();
  const user = record(pull['user']);
  if (!sameName(author.login, String(user?.['login'])) || author.id !== user?.['id'])
    return refuse('GitHub answered for another account than its author, who may have a new name');
  const { permission } = author;
  const enough: readonly string[] = trustedPermissions.slice(trustedPermissions.indexOf(needed));
  if (enough.includes(permission))
    return yes(`the author has the permission ${permission}, which is trusted`);
  return refuse(`its author has the permission ${permission}, not ${needed}`);
}

/**
 * Whether a fork belongs to the author of the pull request. A pull request may be for the branch of another user's
 * fork, and that user can push to it afterwards.
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
