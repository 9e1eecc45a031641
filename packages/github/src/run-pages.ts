import type { GitHub } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';
import { fields, type Repository } from './runners.ts';
import { readRun, type Run } from './runs.ts';

export const runsPerPage = 100;
/** GitHub returns at most this many runs of a list with a filter. Source: REST API, "List workflow runs". */
export const runsPerSearch = 1_000;

export interface RunFilter {
  status?: string | undefined;
  branch?: string | undefined;
  /** Only runs created at this time or later. Milliseconds since the epoch. */
  since?: number | undefined;
  /** Only runs created at this time or earlier. Milliseconds since the epoch. */
  until?: number | undefined;
}

export interface RunPage {
  /** The newest first, without those that do not have the documented shape. */
  runs: Run[];
  /** Number of items of the page, readable or not. */
  listed: number;
  /** Number of runs that match, as far as GitHub says. */
  total: number;
}

/**
 * Reads one page of the runs of a repository, or of one of its workflows. Needs `Actions: read`.
 * @param options `workflow`: file name or id; `page`: starts at 1
 * @throws GitHubFailure
 */
export async function runPage(
  github: GitHub,
  { owner, name }: Repository,
  { status, branch, since, until }: RunFilter,
  { workflow, page = 1 }: { workflow?: string; page?: number } = {},
): Promise<RunPage> {
  const route = `/repos/{owner}/{repo}/actions/${workflow === undefined ? '' : 'workflows/{workflow_id}/'}runs`;
  const created = createdBetween(since, until);
  const parameters = { owner, repo: name, workflow_id: workflow, status, branch, created };
  const answer = fields(await github.get(route, { ...parameters, per_page: runsPerPage, page }));
  const { workflow_runs: list, total_count: total } = answer;
  const invalid = (what: string) =>
    new GitHubFailure('invalid-response', `${pathOf(route, parameters)}: ${what}`);
  if (!Array.isArray(list)) throw invalid("'workflow_runs' is not a list");
  const runs = list.map(readRun).filter((run) => run !== undefined);
  const count = readTotal(total);
  if (count === undefined) throw invalid("'total_count' is not a number");
  return { runs, listed: list.length, total: Math.max(count, list.length) };
}

/** Formats a range in GitHub's search syntax for dates. GitHub's times are in seconds. */
function createdBetween(since: number | undefined, until: number | undefined): string | undefined {
  const time = (value: number): string => new Date(value).toISOString().replace(/\.\d+/, '');
  if (since !== undefined && until !== undefined) return `${time(since)}..${time(until)}`;
  if (since !== undefined) return `>=${time(since)}`;
  return until === undefined ? undefined : `<=${time(until)}`;
}

/** Reads a number of runs. For a long list it may be a text such as `2,500+`. */
function readTotal(total: unknown): number | undefined {
  const digits = /^\d+/.exec(String(total).replaceAll(',', ''))?.[0];
  return digits === undefined ? undefined : Number(digits);
}
