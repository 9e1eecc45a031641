import { UsageError } from './usage-error.ts';
import { record, type Workflow } from './workflow.ts';

interface Facts {
  repository: string;
  owner: 'user' | 'organization';
  branch: string;
  sha: string;
}

/**
 * Returns the payload of the event, as GitHub sends it for a change in the repository itself. Keys of `changes`
 * replace keys of the payload.
 *
 * @throws UsageError if a required input of `workflow_dispatch` has no value
 */
export function payloadOf(
  workflow: Workflow,
  event: string,
  changes: Record<string, unknown>,
  facts: Facts,
): Record<string, unknown> {
  const { repository: full, owner, branch, sha } = facts;
  const [login = '', name = ''] = full.split('/');
  const repository = {
    ...{ id: 1, name, full_name: full, private: true, default_branch: 'main' },
    owner: { login, type: owner === 'user' ? 'User' : 'Organization' },
  };
  const head = { ref: branch, sha, repo: { full_name: full, fork: false } };
  const special: Record<string, Record<string, unknown>> = {
    push: { head_commit: { id: sha, message: 'Try' }, commits: [] },
    pull_request: pullRequest(head, full),
    pull_request_target: pullRequest(head, full),
    schedule: { schedule: '0 0 * * *' },
  };
  const ref = `refs/heads/${branch}`;
  const inputs = event === 'workflow_dispatch' ? { inputs: inputsOf(workflow, changes) } : {};
  return {
    ref,
    after: sha,
    repository,
    sender: { login: 'octocat' },
    ...special[event],
    ...changes,
    ...inputs,
  };
}

function pullRequest(head: object, repository: string): Record<string, unknown> {
  return {
    action: 'opened',
    number: 1,
    pull_request: {
      ...{ number: 1, head, user: { login: 'octocat' }, author_association: 'MEMBER', draft: false },
      base: { ref: 'main', repo: { full_name: repository } },
    },
  };
}

function inputsOf({ path, events }: Workflow, changes: Record<string, unknown>): Record<string, unknown> {
  const declared = record(record(events['workflow_dispatch'])['inputs']);
  const given = record(changes['inputs']);
  const values = Object.entries(declared).flatMap(([name, input]) => {
    const { default: fallback, required } = record(input);
    if (given[name] === undefined && fallback === undefined && required === true)
      throw new UsageError(
        `${path} requires the input '${name}' of workflow_dispatch. Add it to the world: event: { payload: { inputs: { ${name}: VALUE } } }`,
      );
    return fallback === undefined ? [] : [[name, String(fallback)] as const];
  });
  return { ...Object.fromEntries(values), ...given };
}
