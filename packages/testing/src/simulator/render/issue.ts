import type { Call } from '../exchange.ts';
import { currentTime, type FleetComment, type FleetIssue } from '../fleet.ts';
import { renderUser, stableId } from './user.ts';

/** The author of what the token of a job writes. */
export const jobAccount = 'github-actions[bot]';

/** Renders an issue, or a pull request in the list of issues. */
export function renderIssue({ fleet, request: { baseUrl }, repository }: Call, issue: FleetIssue) {
  const fullName = `${fleet.owner.login}/${repository!.name}`;
  const url = `${baseUrl}/repos/${fullName}/issues/${issue.number}`;
  const now = new Date(currentTime(fleet)).toISOString();
  const created = issue.created_at ?? now;
  return {
    id: stableId(url),
    node_id: `I_${issue.number}`,
    url,
    repository_url: `${baseUrl}/repos/${fullName}`,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `https://github.com/${fullName}/issues/${issue.number}`,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? null,
    user: renderAccount(baseUrl, issue.user ?? jobAccount),
    labels: (issue.labels ?? []).map((label) => renderLabel(baseUrl, fullName, label)),
    state: issue.state ?? 'open',
    state_reason: issue.state_reason ?? null,
    ...{ locked: false, assignee: null, assignees: [], milestone: null },
    comments: issue.comments?.length ?? 0,
    created_at: created,
    updated_at: issue.updated_at ?? created,
    closed_at: issue.closed_at ?? null,
    author_association: 'NONE',
    ...(issue.pull_request === true ? { pull_request: renderPullRequest(baseUrl, fullName, issue) } : {}),
  };
}

/** Renders a comment on an issue. */
export function renderComment(call: Call, issue: FleetIssue, comment: FleetComment, id: number) {
  const { url, html_url: html } = renderIssue(call, issue);
  return {
    id,
    node_id: `IC_${id}`,
    url: `${url.replace(/\d+$/, '')}comments/${id}`,
    html_url: `${html}#issuecomment-${id}`,
    issue_url: url,
    body: comment.body,
    user: renderAccount(call.request.baseUrl, comment.user),
    ...{ created_at: comment.created_at, updated_at: comment.created_at, author_association: 'NONE' },
  };
}

function renderAccount(baseUrl: string, login: string) {
  return renderUser(baseUrl, login, stableId(login), login.endsWith('[bot]') ? 'Bot' : 'User');
}

function renderLabel(baseUrl: string, fullName: string, name: string) {
  const id = stableId(name);
  const url = `${baseUrl}/repos/${fullName}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: `LA_${id}`, url, name, color: 'ededed', default: false, description: null };
}

function renderPullRequest(baseUrl: string, fullName: string, { number }: FleetIssue) {
  const html = `https://github.com/${fullName}/pull/${number}`;
  const url = `${baseUrl}/repos/${fullName}/pulls/${number}`;
  return { url, html_url: html, diff_url: `${html}.diff`, patch_url: `${html}.patch`, merged_at: null };
}
