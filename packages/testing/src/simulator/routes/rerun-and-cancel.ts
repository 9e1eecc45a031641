import { type Call, errorReply, type Reply } from '../exchange.ts';
import { currentTime, type FleetJob, type FleetRun } from '../fleet.ts';
import type { Route } from '../route.ts';
import { jobsOf } from './jobs.ts';
import { findRun, runsOf } from './runs.ts';

const requiredPermission = { permission: 'actions', level: 'write' } as const;
const actions = '/repos/{owner}/{repo}/actions';
const run = `${actions}/runs/{run_id}`;

/** Operations that change runs. Source: https://docs.github.com/rest/actions/workflow-runs */
export const rerunAndCancelRoutes: Route[] = [
  {
    method: 'POST',
    path: `${run}/rerun`,
    requiredPermission,
    handle: (call) => rerun(call, findRun(call), () => true),
  },
  { method: 'POST', path: `${run}/rerun-failed-jobs`, requiredPermission, handle: rerunFailed },
  { method: 'POST', path: `${actions}/jobs/{job_id}/rerun`, requiredPermission, handle: rerunJob },
  { method: 'POST', path: `${run}/cancel`, requiredPermission, handle: cancel },
  { method: 'POST', path: `${run}/force-cancel`, requiredPermission, handle: cancel },
];

function rerunFailed(call: Call): Reply {
  const found = findRun(call);
  const hasFailed = (job: FleetJob) => !['success', 'skipped', 'neutral'].includes(job.conclusion ?? '');
  if (found?.status === 'completed' && !jobsOf(call, found.id, found.run_attempt ?? 1).some(hasFailed)) {
    return errorReply(403, 'This workflow run has no failed jobs');
  }
  return rerun(call, found, hasFailed);
}

function rerunJob(call: Call): Reply {
  const job = (call.fleet.jobs ?? []).find(({ id }) => `${id}` === call.parameters.job_id);
  return rerun(
    call,
    runsOf(call).find(({ id }) => id === job?.run_id),
    ({ id }) => id === job?.id,
  );
}

/**
 * Starts a new attempt. Queues the selected jobs again, and copies the other jobs: they keep their conclusion and the times
 * at which they ran, so that they started before they were created. Seen in tenstorrent/tt-metal#12010 and in
 * newrelic-experimental/gha-new-relic-exporter#38.
 */
function rerun(call: Call, found: FleetRun | undefined, isSelected: (job: FleetJob) => boolean): Reply {
  if (found === undefined) return errorReply(404, 'Not Found');
  if (found.status !== 'completed') return errorReply(403, 'This workflow is already running');
  const { fleet } = call;
  const now = new Date(currentTime(fleet)).toISOString();
  const attempt = (found.run_attempt ?? 1) + 1;
  const started = { status: 'queued', conclusion: null, run_started_at: now, updated_at: now } as const;
  const runs = fleet.runs!.map((each) =>
    each === found ? { ...each, ...started, run_attempt: attempt } : each,
  );
  const highest = Math.max(0, ...(fleet.jobs ?? []).map(({ id }) => id));
  const next = jobsOf(call, found.id, attempt - 1).map((job, index): FleetJob => {
    const created = { id: highest + index + 1, run_attempt: attempt, created_at: now };
    return { ...(isSelected(job) ? queueAgain(job) : job), ...created };
  });
  return { status: 201, json: {}, fleet: { ...fleet, runs, jobs: [...(fleet.jobs ?? []), ...next] } };
}

function queueAgain({ id, run_id, name, labels }: FleetJob): FleetJob {
  return { id, run_id, name, status: 'queued', ...(labels === undefined ? {} : { labels }) };
}

/** Cancels a run at once, while GitHub needs some time: all jobs that are not completed end as cancelled. */
function cancel(call: Call): Reply {
  const found = findRun(call);
  if (found === undefined) return errorReply(404, 'Not Found');
  if (found.status === 'completed') return errorReply(409, 'Cannot cancel a workflow run that is completed.');
  const { fleet } = call;
  const now = new Date(currentTime(fleet)).toISOString();
  const cancelled = { status: 'completed', conclusion: 'cancelled' } as const;
  const runs = fleet.runs!.map((each) =>
    each === found ? { ...each, ...cancelled, updated_at: now } : each,
  );
  const jobs = (fleet.jobs ?? []).map((job): FleetJob => {
    const running = job.run_id === found.id && job.status !== 'completed';
    return running ? { ...job, ...cancelled, completed_at: now } : job;
  });
  return { status: 202, json: {}, fleet: { ...fleet, runs, jobs } };
}
