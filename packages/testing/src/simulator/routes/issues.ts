import { isSameName } from '../access.ts';
import { type Call, errorReply, type Reply } from '../exchange.ts';
import { currentTime, type FleetIssue, type FleetRepository } from '../fleet.ts';
import { pageOf } from '../pagination.ts';
import { jobAccount, renderComment, renderIssue } from '../render/issue.ts';
import type { Route } from '../route.ts';

const issues = '/repos/{owner}/{repo}/issues';
const requiredPermission = { permission: 'issues', level: 'write' } as const;

/** Source: https://docs.github.com/rest/issues/issues and https://docs.github.com/rest/issues/comments */
export const issueRoutes: Route[] = [
  {
    method: 'GET',
    path: issues,
    requiredPermission: { permission: 'issues', level: 'read', publicReadAllowed: true },
    handle: list,
  },
  {
    method: 'POST',
    path: issues,
    requiredPermission,
    handle: (call) => unlessOff(call, () => create(call)),
  },
  {
    method: 'PATCH',
    path: `${issues}/{issue_number}`,
    requiredPermission,
    handle: (call) => unlessOff(call, () => withIssue(call, change)),
  },
  {
    method: 'POST',
    path: `${issues}/{issue_number}/comments`,
    requiredPermission,
    handle: (call) => unlessOff(call, () => withIssue(call, comment)),
  },
];

/** GitHub's limits, in characters. Seen in its errors, such as "body is too long (maximum is 65536 characters)". */
const [maxTitle, maxBody] = [256, 65_536];

interface Sent {
  title?: string;
  body?: string;
  labels?: string[];
  state?: FleetIssue['state'];
  state_reason?: FleetIssue['state_reason'];
}

function unlessOff({ repository }: Call, handle: () => Reply): Reply {
  return repository?.has_issues === false ? errorReply(410, 'Issues are disabled for this repo') : handle();
}

function list(call: Call): Reply {
  const { labels = '', state = 'open', sort = 'created', direction = 'desc', since } = call.request.query;
  const wanted = labels.split(',').filter((label) => label !== '');
  const found = (call.repository!.issues ?? []).filter(
    (issue) =>
      (call.repository!.has_issues !== false || issue.pull_request === true) &&
      (state === 'all' || (issue.state ?? 'open') === state) &&
      wanted.every((label) => issue.labels?.some((own) => isSameName(own, label)) === true) &&
      (since === undefined || updatedAt(issue) >= Date.parse(since)),
  );
  const order = (a: FleetIssue, b: FleetIssue): number =>
    (sort === 'updated' ? updatedAt(b) - updatedAt(a) : 0) || b.number - a.number;
  found.sort(direction === 'desc' ? order : (a, b) => order(b, a));
  const { items, headers } = pageOf(call, found);
  return { status: 200, json: items.map((issue) => renderIssue(call, issue)), headers };
}

function updatedAt({ updated_at: updated, created_at: created }: FleetIssue): number {
  return Date.parse(updated ?? created ?? '') || 0;
}

function create(call: Call): Reply {
  const sent = JSON.parse(call.request.body) as Sent;
  const tooLong = lengthProblem(sent);
  if (tooLong !== undefined) return tooLong;
  const known = call.repository!.issues ?? [];
  const now = timeOf(call);
  const issue: FleetIssue = {
    number: Math.max(0, ...known.map(({ number }) => number)) + 1,
    title: sent.title ?? '',
    ...(sent.body === undefined ? {} : { body: sent.body }),
    labels: sent.labels ?? [],
    user: accountOf(call),
    created_at: now,
    updated_at: now,
  };
  const fleet = withIssues(call, [...known, issue]);
  return { status: 201, json: renderIssue(call, issue), fleet };
}

function change(call: Call, issue: FleetIssue): Reply {
  const { title, body, labels, state, state_reason: reason } = JSON.parse(call.request.body) as Sent;
  const tooLong = lengthProblem({ ...(title === undefined ? {} : { title }), ...(body ? { body } : {}) });
  if (tooLong !== undefined) return tooLong;
  const now = timeOf(call);
  const moved = state !== undefined && state !== (issue.state ?? 'open');
  const next: FleetIssue = {
    ...issue,
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
    ...(labels === undefined ? {} : { labels }),
    ...(moved && state === 'closed'
      ? { state, closed_at: now, state_reason: reason ?? ('completed' as const) }
      : {}),
    ...(moved && state === 'open' ? { state, closed_at: null, state_reason: 'reopened' as const } : {}),
    updated_at: now,
  };
  return { status: 200, json: renderIssue(call, next), fleet: replaceIssue(call, next) };
}

function comment(call: Call, issue: FleetIssue): Reply {
  const { body = '' } = JSON.parse(call.request.body) as Sent;
  const tooLong = lengthProblem({ body });
  if (tooLong !== undefined) return tooLong;
  const now = timeOf(call);
  const made = { user: accountOf(call), body, created_at: now };
  const next = { ...issue, comments: [...(issue.comments ?? []), made], updated_at: now };
  const id = issue.number * 1000 + next.comments.length;
  return { status: 201, json: renderComment(call, issue, made, id), fleet: replaceIssue(call, next) };
}

function lengthProblem({ title, body }: Sent): Reply | undefined {
  if (title === '' || (title?.length ?? 0) > maxTitle || (body?.length ?? 0) > maxBody)
    return errorReply(422, 'Validation Failed');
  return undefined;
}

function withIssue(call: Call, handle: (call: Call, issue: FleetIssue) => Reply): Reply {
  const found = call.repository?.issues?.find(({ number }) => `${number}` === call.parameters.issue_number);
  return found === undefined ? errorReply(404, 'Not Found') : handle(call, found);
}

function replaceIssue(call: Call, next: FleetIssue): Call['fleet'] {
  const known = call.repository!.issues ?? [];
  return withIssues(
    call,
    known.map((each) => (each.number === next.number ? next : each)),
  );
}

function withIssues({ fleet, repository }: Call, next: FleetIssue[]): Call['fleet'] {
  const changed = (each: FleetRepository): FleetRepository =>
    each === repository ? { ...each, issues: next } : each;
  return { ...fleet, repositories: fleet.repositories.map(changed) };
}

function accountOf({ caller }: Call): string {
  return caller?.token?.login ?? jobAccount;
}

function timeOf({ fleet }: Call): string {
  return new Date(currentTime(fleet)).toISOString();
}
