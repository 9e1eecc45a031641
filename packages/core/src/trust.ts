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
  actor: string;
  /** Author associations, and `dependabot`, that are trusted beyond the same repository. */
  allowed: readonly string[];
}

/** Events that only someone with write access, or GitHub itself, can cause, on a ref of this repository. */
const ownEvents = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'merge_group',
  'release',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'registry_package',
  'page_build',
  'workflow_call',
]);
const pullRequestEvents = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

/**
 * Judges by event and payload; what it does not know it does not trust. This is defence in depth: a pull request can
 * change the workflow itself, so the boundary is the runner group. Source: GitHub's page "Secure use reference".
 */
export function assessTrust(facts: TrustFacts): Trust {
  const payload = record(facts.payload);
  if (payload === undefined) return no('the event payload cannot be read');
  if (isDependabot(facts, payload) && !facts.allowed.includes('dependabot'))
    return no('Dependabot is not trusted');
  if (pullRequestEvents.has(facts.eventName)) return ofPullRequest(facts, payload);
  if (facts.eventName === 'workflow_run') return ofWorkflowRun(facts, payload);
  if (ownEvents.has(facts.eventName))
    return { trusted: true, why: `${facts.eventName} comes from the repository itself` };
  return no(`the event ${facts.eventName || '(none)'} can be caused by anyone`);
}

/** `assessTrust` of the event that this job runs for. */
export function trustOf(job: Job, allowed: readonly string[]): Trust {
  const { eventName, actor, repository } = job;
  return assessTrust({ eventName, payload: job.payload(), repository: repository.fullName, actor, allowed });
}

function ofPullRequest(facts: TrustFacts, payload: Fields): Trust {
  const pull = record(payload['pull_request']);
  const head = record(record(pull?.['head'])?.['repo']);
  if (pull === undefined) return no('the payload has no pull request');
  if (sameName(head?.['full_name'], facts.repository))
    return { trusted: true, why: 'the pull request comes from this repository' };
  const association = String(pull['author_association'] ?? 'NONE');
  if (facts.allowed.includes(association))
    return { trusted: true, why: `the author is ${association}, which is trusted` };
  return no(
    head === undefined ? 'the repository of the pull request is gone' : 'the pull request comes from a fork',
  );
}

function ofWorkflowRun(facts: TrustFacts, payload: Fields): Trust {
  const head = record(record(payload['workflow_run'])?.['head_repository']);
  return sameName(head?.['full_name'], facts.repository)
    ? { trusted: true, why: 'the run that caused this one comes from this repository' }
    : no('the run that caused this one comes from a fork');
}

/** A maintainer who re-runs Dependabot's run becomes the actor, so the author counts too. */
function isDependabot(facts: TrustFacts, payload: Fields): boolean {
  const author = record(record(payload['pull_request'])?.['user'])?.['login'];
  return [facts.actor, author].includes('dependabot[bot]');
}

type Fields = Record<string, unknown>;

function record(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function sameName(name: unknown, repository: string): boolean {
  return typeof name === 'string' && repository !== '' && name.toLowerCase() === repository.toLowerCase();
}

function no(why: string): Trust {
  return { trusted: false, why };
}
