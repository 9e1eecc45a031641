import { reasonOf } from '@runner-actions/core';
import { GitHubFailure, type Issue, issuesWithLabel, ownAccount } from '@runner-actions/github';
import type { IssueChannel } from './channels.ts';
import type { OwnIssue } from './decide-issue.ts';
import { readMarker } from './issue-text.ts';
import type { Memory } from './memory.ts';
import type { IssuesSeen } from './plan.ts';

/** Pages of 100 issues: of open ones, and of closed ones, those that changed last first. */
const [openPages, closedPages] = [5, 3];

/** The account that writes with the token of a job. Only workflows of the same repository can use it. */
export const jobAuthor = 'github-actions[bot]';

/**
 * Finds our issues by label and marker. Everybody may open an issue in a public repository and write a marker into it, so
 * only those count that the token's own account opened. Never throws.
 * @param author the account that opened our last issue, from the memory
 */
export async function findIssues(channel: IssueChannel, author: Memory['author']): Promise<IssuesSeen> {
  const { github, repository, labels } = channel;
  try {
    const read = (state: 'open' | 'closed', pages: number) =>
      issuesWithLabel(github, repository, labels[0], { state, pages });
    const open = await read('open', openPages);
    const closed = await read('closed', closedPages);
    const own = await onlyOwn(channel, [...open.issues, ...closed.issues], author);
    return { kind: 'read', own, isComplete: open.isComplete };
  } catch (error) {
    return { kind: 'unknown', why: explainFailure(error, 'read') };
  }
}

/** Leaves out issues without a marker, and those of other accounts. */
export async function onlyOwn(
  channel: IssueChannel,
  issues: readonly Issue[],
  author: Memory['author'],
): Promise<OwnIssue[]> {
  const marked = issues.flatMap((issue) => {
    const marker = readMarker(issue.body);
    return marker === undefined ? [] : [{ issue, ...marker }];
  });
  const isKnown = ({ issue }: OwnIssue): boolean => isOwnAuthor(issue.author, channel, author);
  if (marked.every(isKnown)) return marked;
  // The others are forged, or the token is a user's, who can ask for the own account.
  const account = await ownAccount(channel.github).catch((error: unknown) => {
    if (error instanceof GitHubFailure && ['forbidden', 'not-found', 'unauthorized'].includes(error.kind))
      return undefined;
    throw error;
  });
  return marked.filter((one) => isKnown(one) || one.issue.author?.id === account?.id);
}

/** Nobody can choose a login with brackets: only Apps have one. */
function isOwnAuthor(author: Issue['author'], channel: IssueChannel, known: Memory['author']): boolean {
  if (author === undefined) return false;
  if (known?.id === author.id) return true;
  const logins = [jobAuthor, channel.author ?? jobAuthor].map((login) => login.toLowerCase());
  const isBot = author.type === 'Bot' || !author.login.endsWith('[bot]');
  return isBot && logins.includes(author.login.toLowerCase());
}

/** Says what GitHub refused, and which permission it takes. */
export function explainFailure(error: unknown, what: 'read' | 'write'): string {
  const isRefused = error instanceof GitHubFailure && ['forbidden', 'not-found'].includes(error.kind);
  const remedy = isRefused ? ` Give the job the permission 'issues: write'.` : '';
  const verb = what === 'read' ? 'Issues could not be read' : 'An issue could not be written';
  return `${verb}: ${reasonOf(error)}.${remedy}`;
}
