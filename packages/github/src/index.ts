export { connect, type GitHub, type GitHubOptions, type SharedState, emptySharedState } from './client.ts';
export { type Contents, fileContents } from './contents.ts';
export { defaultBranch } from './default-branch.ts';
export { type FailureKind, GitHubFailure } from './failure.ts';
export {
  changeIssue,
  commentOnIssue,
  createIssue,
  type Issue,
  type IssueChange,
  issuesWithLabel,
  type ListedIssues,
} from './issues.ts';
export { ownAccount } from './own-account.ts';
export { allPages, firstPage, type Pages } from './pages.ts';
export { type UserPermission, userPermission } from './user-permission.ts';
export { isUserOwned } from './repository-owner.ts';
export {
  enterpriseGroupRunners,
  enterpriseGroups,
  hasLabels,
  organizationRunners,
  type Repository,
  repositoryRunners,
  type Runner,
  type RunnerGroup,
  visibleRunnerGroups,
} from './runners.ts';
export { type RunFilter, type RunPage, runPage, runsPerPage, runsPerSearch } from './run-pages.ts';
export {
  attemptJobs,
  changeRun,
  fetchJob,
  fetchRun,
  type JobOfRun,
  type Run,
  type RunJob,
  runsOfWorkflow,
  workflowRuns,
} from './runs.ts';
