/** The descriptions in the npm package: GitHub.com, and Enterprise Cloud for operations that only an enterprise has. */
export type Edition = 'api.github.com' | 'ghec';

export interface Operation {
  edition: Edition;
  method: 'get' | 'post' | 'patch';
  path: string;
}

const repository = '/repos/{owner}/{repo}';
const run = `${repository}/actions/runs/{run_id}`;
const issues = `${repository}/issues`;
const groups = '/orgs/{org}/actions/runner-groups';

const reads = [
  '/rate_limit',
  '/user',
  repository,
  `${repository}/contents/{path}`,
  `${repository}/collaborators/{username}/permission`,
  `${repository}/actions/runners`,
  `${repository}/actions/runs`,
  `${repository}/actions/workflows/{workflow_id}/runs`,
  run,
  `${run}/jobs`,
  `${run}/attempts/{attempt_number}/jobs`,
  `${repository}/actions/jobs/{job_id}`,
  issues,
  '/orgs/{org}/actions/runners',
  groups,
  `${groups}/{runner_group_id}/runners`,
  `${groups}/{runner_group_id}/repositories`,
];

const writes = [
  `${run}/rerun`,
  `${run}/rerun-failed-jobs`,
  `${repository}/actions/jobs/{job_id}/rerun`,
  `${run}/cancel`,
  `${run}/force-cancel`,
  issues,
  `${issues}/{issue_number}/comments`,
];

const enterpriseGroups = '/enterprises/{enterprise}/actions/runner-groups';

const enterpriseReads = [
  '/enterprises/{enterprise}/actions/runners',
  enterpriseGroups,
  `${enterpriseGroups}/{runner_group_id}/runners`,
];

/** All operations that the actions use and the simulator supports. */
export const operations: readonly Operation[] = [
  ...reads.map((path): Operation => ({ edition: 'api.github.com', method: 'get', path })),
  ...writes.map((path): Operation => ({ edition: 'api.github.com', method: 'post', path })),
  { edition: 'api.github.com', method: 'patch', path: `${issues}/{issue_number}` },
  ...enterpriseReads.map((path): Operation => ({ edition: 'ghec', method: 'get', path })),
];
