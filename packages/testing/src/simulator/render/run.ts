import type { Call } from '../exchange.ts';
import { currentTime, type FleetRun } from '../fleet.ts';
import { renderFork, renderRepository } from './repository.ts';
import { renderUser, stableId } from './user.ts';

/** Returns the path of the run's workflow file. Default: `.github/workflows/ci.yml`. */
export function workflowPath(run: FleetRun): string {
  return run.path ?? '.github/workflows/ci.yml';
}

export function workflowId(run: FleetRun): number {
  return run.workflow_id ?? stableId(workflowPath(run));
}

/** Returns when a run was created. Default: one hour before the fleet's current time. */
export function createdAt(call: Pick<Call, 'fleet'>, run: FleetRun): string {
  return run.created_at ?? new Date(currentTime(call.fleet) - 3_600_000).toISOString().replace(/\.\d+/, '');
}

/** Renders a workflow run as GitHub returns it. */
export function renderRun(call: Call, run: FleetRun) {
  const repository = renderRepository(call, call.repository!);
  const fork = run.head_repository;
  const head = fork === undefined ? repository : renderFork(call.request.baseUrl, fork);
  const actor = renderUser(call.request.baseUrl, run.actor ?? 'octocat');
  const created = createdAt(call, run);
  const name = run.name ?? 'CI';
  return {
    id: run.id,
    name,
    node_id: `WFR_${run.id}`,
    head_branch: run.head_branch ?? 'main',
    head_sha: headSha(run),
    path: workflowPath(run),
    display_title: name,
    run_number: run.id % 100_000,
    run_attempt: run.run_attempt ?? 1,
    event: run.event ?? 'push',
    status: run.status,
    conclusion: run.conclusion ?? null,
    workflow_id: workflowId(run),
    pull_requests: [],
    created_at: created,
    updated_at: run.updated_at ?? created,
    run_started_at: run.run_started_at ?? created,
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    head_commit: renderCommit(run, created),
    repository,
    head_repository: head,
    ...renderUrls(repository.url, repository.html_url, run),
  };
}

export function headSha(run: FleetRun): string {
  return run.head_sha ?? run.id.toString(16).padStart(40, '0');
}

function renderCommit(run: FleetRun, timestamp: string) {
  const person = { name: run.actor ?? 'octocat', email: 'octocat@example.com' };
  const id = headSha(run);
  return { id, tree_id: id, message: run.name ?? 'CI', timestamp, author: person, committer: person };
}

function renderUrls(api: string, html: string, run: FleetRun) {
  const url = `${api}/actions/runs/${run.id}`;
  const attempt = run.run_attempt ?? 1;
  const suite = run.id + 1;
  return {
    check_suite_id: suite,
    check_suite_node_id: `CS_${suite}`,
    url,
    html_url: `${html}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt > 1 ? `${url}/attempts/${attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${workflowId(run)}`,
  };
}
