import { isSameName } from '../access.ts';
import { type Call, errorReply, type Reply } from '../exchange.ts';
import type { FleetRun } from '../fleet.ts';
import { paginate } from '../pagination.ts';
import { createdAt, headSha, renderRun, workflowId, workflowPath } from '../render/run.ts';
import type { Route } from '../route.ts';
import { matchesDate } from '../date-query.ts';

const requiredPermission = { permission: 'actions', level: 'read', publicReadAllowed: true } as const;
const actions = '/repos/{owner}/{repo}/actions';
/** GitHub returns at most this many runs if the request has a filter. */
const searchLimit = 1_000;

/** Source: https://docs.github.com/rest/actions/workflow-runs */
export const runRoutes: Route[] = [
  { method: 'GET', path: `${actions}/runs`, requiredPermission, handle: (call) => list(call, runsOf(call)) },
  {
    method: 'GET',
    path: `${actions}/workflows/{workflow_id}/runs`,
    requiredPermission,
    handle: listOfWorkflow,
  },
  { method: 'GET', path: `${actions}/runs/{run_id}`, requiredPermission, handle: readOne },
];

/** Returns the runs of the repository that the request names. */
export function runsOf({ fleet, repository }: Call): FleetRun[] {
  const first = fleet.repositories[0]?.name ?? '';
  return (fleet.runs ?? []).filter((run) => isSameName(run.repository ?? first, repository!.name));
}

export function findRun(call: Call): FleetRun | undefined {
  return runsOf(call).find(({ id }) => `${id}` === call.parameters.run_id);
}

function readOne(call: Call): Reply {
  const run = findRun(call);
  return run === undefined ? errorReply(404, 'Not Found') : { status: 200, json: renderRun(call, run) };
}

/** Lists the runs of a workflow, which the request names by id or file name. A workflow without runs is a 404. */
function listOfWorkflow(call: Call): Reply {
  const name = call.parameters.workflow_id;
  const runs = runsOf(call).filter((run) => {
    return `${workflowId(run)}` === name || workflowPath(run).split('/').at(-1) === name;
  });
  return runs.length === 0 ? errorReply(404, 'Not Found') : list(call, runs);
}

function list(call: Call, runs: FleetRun[]): Reply {
  const filtered = Object.keys(call.request.query).some((name) => name !== 'page' && name !== 'per_page');
  const found = runs.filter((run) => matches(call, run));
  const time = (run: FleetRun): number => Date.parse(createdAt(call, run));
  const newestFirst = found.sort((a, b) => time(b) - time(a) || b.id - a.id);
  const shown = filtered ? newestFirst.slice(0, searchLimit) : newestFirst;
  return paginate(call, 'workflow_runs', shown, (run) => renderRun(call, run));
}

function matches(call: Call, run: FleetRun): boolean {
  const { status, branch, event, actor, head_sha: sha, created } = call.request.query;
  const conclusion = run.conclusion ?? '';
  if (status !== undefined && status !== run.status && status !== conclusion) return false;
  if (branch !== undefined && branch !== (run.head_branch ?? 'main')) return false;
  if (event !== undefined && event !== (run.event ?? 'push')) return false;
  if (actor !== undefined && !isSameName(actor, run.actor ?? 'octocat')) return false;
  if (sha !== undefined && sha !== headSha(run)) return false;
  return created === undefined || matchesDate(created, createdAt(call, run));
}
