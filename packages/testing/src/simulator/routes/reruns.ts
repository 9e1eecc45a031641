import { type Call, refuse, type Reply } from '../exchange.ts';
import { clock, type FleetJob, type FleetRun } from '../fleet.ts';
import type { Route } from '../route.ts';
import { jobsOf } from './jobs.ts';
import { findRun, runsOf } from './runs.ts';

const demand = { permission: 'actions', level: 'write' } as const;
const actions = '/repos/{owner}/{repo}/actions';
const run = `${actions}/runs/{run_id}`;

/** Operations that change runs: https://docs.github.com/rest/actions/workflow-runs */
export const rerunRoutes: Route[] = [
  { method: 'POST', path: `${run}/rerun`, demand, handle: (call) => rerun(call, findRun(call), () => true) },
  { method: 'POST', path: `${run}/rerun-failed-jobs`, demand, handle: rerunFailed },
  { method: 'POST', path: `${actions}/jobs/{job_id}/rerun`, demand, handle: rerunJob },
  { method: 'POST', path: `${run}/cancel`, demand, handle: cancel },
  { method: 'POST', path: `${run}/force-cancel`, demand, handle: cancel },
];

function rerunFailed(call: Call): Reply {
  const found = findRun(call);
  const failed = (job: FleetJob) => !['success', 'skipped', 'neutral'].includes(job.conclusion ?? '');
  if (found?.status === 'completed' && !jobsOf(call, found.id, found.run_attempt ?? 1).some(failed)) {
    return refuse(403, 'This workflow run has no failed jobs');
  }
  return rerun(call, found, failed);
}

function rerunJob(call: Call): Reply {
  const job = (call.fleet.jobs ?? []).find(({ id }) => `${id}` === call.parameters.job_id);
  return rerun(
    call,
    runsOf(call).find(({ id }) => id === job?.run_id),
    ({ id }) => id === job?.id,
  );
}

/** A new attempt: the chosen jobs are queued again, the others are carried over with what they concluded. */
function rerun(call: Call, found: FleetRun | undefined, chosen: (job: FleetJob) => boolean): Reply {
  if (found === undefined) return refuse(404, 'Not Found');
  if (found.status !== 'completed') return refuse(403, 'This workflow is already running');
  const { fleet } = call;
  const now = new Date(clock(fleet)).toISOString();
  const attempt = (found.run_attempt ?? 1) + 1;
  const started = { status: 'queued', conclusion: null, run_started_at: now, updated_at: now } as const;
  const runs = fleet.runs!.map((each) =>
    each === found ? { ...each, ...started, run_attempt: attempt } : each,
  );
  const highest = Math.max(0, ...(fleet.jobs ?? []).map(({ id }) => id));
  const next = jobsOf(call, found.id, attempt - 1).map((job, index): FleetJob => {
    const identity = { id: highest + index + 1, run_attempt: attempt };
    return chosen(job) ? { ...queued(job), ...identity, created_at: now } : { ...job, ...identity };
  });
  return { status: 201, json: {}, fleet: { ...fleet, runs, jobs: [...(fleet.jobs ?? []), ...next] } };
}

function queued({ id, run_id, name, labels }: FleetJob): FleetJob {
  return { id, run_id, name, status: 'queued', ...(labels === undefined ? {} : { labels }) };
}

/** Cancelled at once, where GitHub takes its time: jobs that are not complete end as cancelled. */
function cancel(call: Call): Reply {
  const found = findRun(call);
  if (found === undefined) return refuse(404, 'Not Found');
  if (found.status === 'completed') return refuse(409, 'Cannot cancel a workflow run that is completed.');
  const { fleet } = call;
  const now = new Date(clock(fleet)).toISOString();
  const over = { status: 'completed', conclusion: 'cancelled' } as const;
  const runs = fleet.runs!.map((each) => (each === found ? { ...each, ...over, updated_at: now } : each));
  const jobs = (fleet.jobs ?? []).map((job): FleetJob => {
    const running = job.run_id === found.id && job.status !== 'completed';
    return running ? { ...job, ...over, completed_at: now } : job;
  });
  return { status: 202, json: {}, fleet: { ...fleet, runs, jobs } };
}
