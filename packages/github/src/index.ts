export { connect, type GitHub, type GitHubOptions, type Known, nothingKnown } from './client.ts';
export { type Contents, fileContents } from './contents.ts';
export { type FailureKind, GitHubFailure } from './failure.ts';
export { isUsersRepository } from './repository-owner.ts';
export {
  enterpriseRunners,
  hasLabels,
  organizationRunners,
  type Repository,
  repositoryRunners,
  type Runner,
  type RunnerGroup,
  visibleRunnerGroups,
} from './runners.ts';
export {
  attemptJobs,
  changeRun,
  oneRun,
  type Run,
  type RunJob,
  runsOfWorkflow,
  runsSince,
  workflowRuns,
} from './runs.ts';
