export { everyRunner } from './all-runners-io.ts';
export { hostedGroup, isFor, jobsOfPool, type PastJob, patience, queueTimes } from './history.ts';
export { type History, openHistory } from './history-io.ts';
export { isInfrastructureFailure, wasCancelledInQueue } from './infrastructure-failure.ts';
export {
  type Confidence,
  confidences,
  count,
  lifeOf,
  type Observation,
  type Observe,
  type Seen,
  type Source,
  sources,
  unknown,
} from './observation.ts';
export { openObserver } from './observer-io.ts';
export { allPages, firstPage } from './pages.ts';
export { type ObservedPool, poolKinds, type Wanted } from './pool.ts';
export { openRunnerLists } from './runner-lists-io.ts';
export { byJobs, byRunners } from './queued-job-pool.ts';
