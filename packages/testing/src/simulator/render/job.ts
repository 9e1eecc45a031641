import type { Call } from '../exchange.ts';
import type { FleetJob, FleetRun } from '../fleet.ts';
import { createdAt, headSha } from './run.ts';

/**
 * Renders a job as GitHub returns it. `started_at` cannot be null in GitHub's description. For a job that no runner has
 * started, it holds the time at which the job was created.
 */
export function renderJob(call: Call, run: FleetRun, job: FleetJob) {
  const name = `${call.fleet.owner.login}/${call.repository!.name}`;
  const api = `${call.request.baseUrl}/repos/${name}`;
  const created = job.created_at ?? createdAt(call, run);
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: job.run_attempt ?? 1,
    node_id: `CR_${job.id}`,
    head_sha: headSha(run),
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `https://github.com/${name}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion ?? null,
    created_at: created,
    started_at: job.started_at ?? created,
    completed_at: job.completed_at ?? null,
    name: job.name,
    steps: job.steps ?? [],
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: job.labels ?? [],
    runner_id: job.runner_id ?? null,
    runner_name: job.runner_name ?? null,
    runner_group_id: job.runner_group_id ?? null,
    runner_group_name: job.runner_group_name ?? null,
    workflow_name: run.name ?? 'CI',
    head_branch: run.head_branch ?? 'main',
  };
}
