export { isOfUser } from './event-payload.ts';
export {
  type Baseline,
  baselineOf,
  baselineSamples,
  type DurationJudgement,
  fewestSamples,
  judgeDuration,
  regressions,
} from './baseline.ts';
export { cleanJobs, type DataQuality, durationOf, waitOf } from './clean-jobs.ts';
export { compareJob, type ComparedJob, type JobComparison } from './compare-job.ts';
export { type JobHistory, jobHistory, type JobIdentity } from './job-history-io.ts';
export { runnerClass } from './runner-class.ts';
export {
  isSlow,
  type RollbackSignal,
  rollbackRule,
  rollbackSignal,
  slownessOf,
  type SlowRule,
  type SuccessfulRun,
  successfulRuns,
} from './slow-runs.ts';
export {
  dailySuccessRule,
  judgeSuccess,
  type Outcome,
  outcome,
  type SuccessRule,
  type SuccessShare,
} from './success-share.ts';
export { listAllRunners } from './all-runners-io.ts';
export {
  hostedRunnerGroup,
  requestsSameLabels,
  jobsOfPool,
  type PastJob,
  queuePatienceMs,
  queueTimes,
} from './history.ts';
export { type History, openHistory } from './history-io.ts';
export { isInfrastructureFailure, wasCancelledInQueue } from './infrastructure-failure.ts';
export {
  type Confidence,
  confidences,
  count,
  oldestVersionOf,
  poolLife,
  type Observation,
  type Observe,
  type ObservedFacts,
  type Source,
  sources,
  unknownObservation,
} from './observation.ts';
export { openObserver } from './observer-io.ts';
export {
  type DeclaredPool,
  type ObservedPool,
  poolKinds,
  startsOnDemand,
  type LabelsAndGroup,
} from './pool.ts';
export { openRunnerLists } from './runner-lists-io.ts';
export { observeQueuedJob, type QueueFacts } from './queued-job-pool.ts';
