import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';

/** An issue. Times are milliseconds since the epoch. Source: REST API, "List repository issues". */
export interface Issue {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  /** Why it is closed: `completed`, `not_planned`, `duplicate`; `undefined` for an open issue, and on old servers. */
  stateReason: string | undefined;
  labels: string[];
  /** Who opened it. Only GitHub's Apps have a login that ends with `[bot]`, and the type `Bot`. */
  author: { login: string; id: number; type: string } | undefined;
  createdAt: number;
  closedAt: number | undefined;
  url: string;
}

export interface ListedIssues {
  issues: Issue[];
  /** False if there may be more issues than were read. */
  isComplete: boolean;
}

export interface IssueChange {
  title?: string;
  body?: string;
  state?: 'open' | 'closed';
  stateReason?: 'completed' | 'not_planned' | 'duplicate' | 'reopened';
}

const issuesRoute = '/repos/{owner}/{repo}/issues';
const perPage = 100;

/**
 * Lists the issues of a repository with a label, the ones that changed last first. Leaves out pull requests, which the
 * same list contains. Needs `Issues: read`.
 * @param options `pages`: how many pages of 100 are read at most
 * @throws GitHubFailure
 */
export async function issuesWithLabel(
  github: GitHub,
  { owner, name }: Repository,
  label: string,
  { state, pages }: { state: 'open' | 'closed'; pages: number },
): Promise<ListedIssues> {
  const found = new Map<number, Issue>();
  const query = { labels: label, state, sort: 'updated', direction: 'desc', per_page: perPage };
  const parameters = { owner, repo: name, ...query };
  let skipped = 0;
  for (let page = 1; page <= pages; page += 1) {
    const listed = await github.get(issuesRoute, { ...parameters, page });
    if (!Array.isArray(listed)) throw invalid(pathOf(issuesRoute, parameters), 'a list of issues');
    for (const item of listed as unknown[]) {
      const issue = readIssue(item);
      if (issue !== undefined) found.set(issue.number, issue);
      else if (fields(item)['pull_request'] === undefined) skipped += 1;
    }
    if (listed.length < perPage) return { issues: [...found.values()], isComplete: skipped === 0 };
  }
  return { issues: [...found.values()], isComplete: false };
}

/**
 * Opens an issue. GitHub drops labels silently if the token may not set them, so look at those of the result. Needs
 * `Issues: write`.
 * @throws GitHubFailure
 */
export async function createIssue(
  github: GitHub,
  { owner, name }: Repository,
  issue: { title: string; body: string; labels: readonly string[] },
): Promise<Issue> {
  const parameters = { owner, repo: name, ...issue };
  return expectIssue(await github.post(issuesRoute, parameters), pathOf(issuesRoute, parameters));
}

/** Changes an issue. Needs `Issues: write`. @throws GitHubFailure */
export async function changeIssue(
  github: GitHub,
  { owner, name }: Repository,
  number: number,
  { stateReason, ...change }: IssueChange,
): Promise<Issue> {
  const route = `${issuesRoute}/{issue_number}`;
  const parameters = { owner, repo: name, issue_number: number, ...change, state_reason: stateReason };
  return expectIssue(await github.patch(route, parameters), pathOf(route, parameters));
}

/** Comments on an issue. Needs `Issues: write`. @throws GitHubFailure */
export async function commentOnIssue(
  github: GitHub,
  { owner, name }: Repository,
  number: number,
  body: string,
): Promise<void> {
  const route = `${issuesRoute}/{issue_number}/comments`;
  await github.post(route, { owner, repo: name, issue_number: number, body });
}

function expectIssue(answer: unknown, path: string): Issue {
  const issue = readIssue(answer);
  if (issue === undefined) throw invalid(path, 'an issue');
  return issue;
}

function invalid(path: string, what: string): GitHubFailure {
  return new GitHubFailure('invalid-response', `${path}: the response is not ${what}`);
}

/** @returns `undefined` for a pull request, and if the item does not have the documented shape */
function readIssue(item: unknown): Issue | undefined {
  const issue = fields(item);
  const { number, title, body, state, labels } = issue;
  if (typeof number !== 'number' || typeof title !== 'string' || issue['pull_request'] !== undefined)
    return undefined;
  if (state !== 'open' && state !== 'closed') return undefined;
  const names = (Array.isArray(labels) ? labels : []).map((label: unknown) =>
    typeof label === 'string' ? label : fields(label)['name'],
  );
  return {
    number,
    title,
    body: textOf(body) ?? '',
    state,
    stateReason: textOf(issue['state_reason']),
    labels: names.filter((name) => typeof name === 'string'),
    author: readAuthor(issue['user']),
    createdAt: timeOf(issue['created_at']) ?? 0,
    closedAt: timeOf(issue['closed_at']),
    url: textOf(issue['html_url']) ?? '',
  };
}

function readAuthor(user: unknown): Issue['author'] {
  const { login, id, type } = fields(user);
  if (typeof login !== 'string' || typeof id !== 'number') return undefined;
  return { login, id, type: textOf(type) ?? '' };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = Date.parse(textOf(value) ?? '');
  return Number.isNaN(time) ? undefined : time;
}
