import { type Call, errorReply, type Reply } from '../exchange.ts';
import type { FleetJob } from '../fleet.ts';
import { paginate } from '../pagination.ts';
import { renderJob } from '../render/job.ts';
import type { Route } from '../route.ts';
import { findRun, runsOf } from './runs.ts';

const requiredPermission = { permission: 'actions', level: 'read', publicReadAllowed: true } as const;
const run = '/repos/{owner}/{repo}/actions/runs/{run_id}';

/** Source: https://docs.github.com/rest/actions/workflow-jobs */
export const jobRoutes: Route[] = [
  {
    method: 'GET',
    path: `${run}/jobs`,
    requiredPermission,
    handle: (call) => {
      const latest = call.request.query.filter !== 'all';
      return list(call, latest ? (findRun(call)?.run_attempt ?? 1) : undefined);
    },
  },
  {
    method: 'GET',
    path: `${run}/attempts/{attempt_number}/jobs`,
    requiredPermission,
    handle: (call) => list(call, Number(call.parameters.attempt_number)),
  },
  { method: 'GET', path: '/repos/{owner}/{repo}/actions/jobs/{job_id}', requiredPermission, handle: readOne },
];

/** Returns the jobs of a run: those of one attempt, or of all attempts. */
export function jobsOf({ fleet }: Call, runId: number, attempt?: number): FleetJob[] {
  const jobs = (fleet.jobs ?? []).filter((job) => job.run_id === runId);
  return attempt === undefined ? jobs : jobs.filter((job) => (job.run_attempt ?? 1) === attempt);
}

function list(call: Call, attempt: number | undefined): Reply {
  const found = findRun(call);
  if (found === undefined || (attempt ?? 1) > (found.run_attempt ?? 1)) return errorReply(404, 'Not Found');
  return paginate(call, 'jobs', jobsOf(call, found.id, attempt), (job) => renderJob(call, found, job));
}

/** Returns a job of any run and attempt of the repository. */
function readOne(call: Call): Reply {
  const job = (call.fleet.jobs ?? []).find(({ id }) => `${id}` === call.parameters.job_id);
  const found = runsOf(call).find(({ id }) => id === job?.run_id);
  if (job === undefined || found === undefined) return errorReply(404, 'Not Found');
  return { status: 200, json: renderJob(call, found, job) };
}
