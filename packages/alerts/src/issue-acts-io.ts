import {
  changeIssue,
  commentOnIssue,
  createIssue,
  GitHubFailure,
  type Issue,
  issuesWithLabel,
} from '@runner-actions/github';
import type { IssueChannel } from './channels.ts';
import type { IssueAct, OwnIssue } from './decide-issue.ts';
import { onlyOwn } from './find-issues-io.ts';
import type { Observation } from './incident.ts';
import {
  type CommentKind,
  issueBody,
  issueComment,
  type IssueState,
  issueTitle,
  withState,
} from './issue-text.ts';
import type { Memory } from './memory.ts';

/** What became of an act. */
export interface IssueDone {
  number: number;
  url: string;
  /** The account that opened a new issue. */
  author?: Memory['author'];
  warning?: string;
}

/**
 * Carries out one act. The body is written before the comment: if the second fails, a comment is missing, and the next look
 * does not write the same comment again.
 * @param now milliseconds since the epoch
 * @throws GitHubFailure
 */
export async function actOnIssue(
  channel: IssueChannel,
  observation: Observation,
  act: IssueAct,
  now: number,
): Promise<IssueDone> {
  const { incident } = observation;
  const fresh: IssueState = { severity: incident.severity, at: now, since: incident.since };
  switch (act.kind) {
    case 'create':
      return create(channel, observation, fresh, act.earlier);
    case 'update': {
      const body = issueBody(observation, fresh);
      await change(channel, act.target, { title: issueTitle(incident), body });
      return comment(channel, observation, act.target, act.event, act.before, now);
    }
    case 'reopen': {
      const body = issueBody(observation, fresh);
      const reopened = { state: 'open', stateReason: 'reopened' } as const;
      await change(channel, act.target, { title: issueTitle(incident), body, ...reopened });
      return comment(channel, observation, act.target, 'reopened', undefined, now);
    }
    case 'close': {
      const body = bodyWith(act.target, { ...(act.target.state ?? fresh), at: now, closed: true });
      await change(channel, act.target, { body, state: 'closed', stateReason: 'completed' });
      return comment(channel, observation, act.target, 'closed', undefined, now);
    }
    case 'clear': {
      const body = bodyWith(act.target, { ...(act.target.state ?? fresh), cleared: true });
      return doneWith(await change(channel, act.target, { body }));
    }
    case 'duplicate':
      return closeDuplicate(channel, act.target, act.original, fresh);
  }
}

/**
 * Opens an issue, and looks again: another job may have opened one at the same time. The lowest number stays. Both jobs
 * come to the same result, since both see both issues.
 */
async function create(
  channel: IssueChannel,
  observation: Observation,
  state: IssueState,
  earlier: number | undefined,
): Promise<IssueDone> {
  const { github, repository, labels } = channel;
  const { incident } = observation;
  const body = issueBody(observation, state, earlier);
  const made = await createIssue(github, repository, { title: issueTitle(incident), body, labels });
  const target = { key: incident.key, issue: made, state };
  if (!hasLabel(made, labels[0])) return closeUnlabelled(channel, target);
  const author = made.author && { login: made.author.login, id: made.author.id };
  const { issues } = await issuesWithLabel(github, repository, labels[0], { state: 'open', pages: 1 });
  const own = await onlyOwn(channel, issues, author);
  const same = own.filter(({ key }) => key === incident.key).map(({ issue }) => issue.number);
  const first = Math.min(made.number, ...same);
  const done = { ...doneWith(made), ...(author === undefined ? {} : { author }) };
  if (first === made.number) return done;
  await closeDuplicate(channel, target, first, state);
  return { ...done, number: first };
}

function hasLabel(issue: Issue, label: string): boolean {
  return issue.labels.some((one) => one.toLowerCase() === label.toLowerCase());
}

/** Without its label, no look would find the issue again, and each would open another one. */
async function closeUnlabelled(channel: IssueChannel, target: OwnIssue): Promise<IssueDone> {
  await change(channel, target, { state: 'closed', stateReason: 'not_planned' });
  const warning = `GitHub did not set the label ${channel.labels[0]} on issue #${target.issue.number}, so it was closed: no later look would find it. The token must be allowed to set labels.`;
  return { ...doneWith(target.issue), warning };
}

async function closeDuplicate(
  channel: IssueChannel,
  target: OwnIssue,
  original: number,
  state: IssueState,
): Promise<IssueDone> {
  const body = bodyWith(target, { ...(target.state ?? state), closed: true, duplicate: true });
  const close = (stateReason: 'duplicate' | 'not_planned') =>
    change(channel, target, { body, state: 'closed', stateReason });
  await close('duplicate').catch((error: unknown) => {
    // Older servers do not know this reason.
    if (error instanceof GitHubFailure && error.status === 422) return close('not_planned');
    throw error;
  });
  await commentOnIssue(channel.github, channel.repository, target.issue.number, `Duplicate of #${original}`);
  return { ...doneWith(target.issue), number: original };
}

function bodyWith({ issue, key }: OwnIssue, state: IssueState): string {
  return withState(issue.body, key, state);
}

function change(
  { github, repository }: IssueChannel,
  { issue }: OwnIssue,
  wanted: Parameters<typeof changeIssue>[3],
): Promise<Issue> {
  return changeIssue(github, repository, issue.number, wanted);
}

async function comment(
  { github, repository }: IssueChannel,
  observation: Observation,
  { issue }: OwnIssue,
  kind: CommentKind,
  before: IssueState['severity'] | undefined,
  now: number,
): Promise<IssueDone> {
  await commentOnIssue(github, repository, issue.number, issueComment(kind, observation, before, now));
  return doneWith(issue);
}

function doneWith({ number, url }: Issue): IssueDone {
  return { number, url };
}
