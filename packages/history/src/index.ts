export { everyRunner } from './every-runner-io.ts';
export { hostedGroup, isFor, jobsOfPool, type PastJob, patience, queueTimes } from './history.ts';
export { type History, openHistory } from './history-io.ts';
export { isInfrastructureFailure, wasCancelledInQueue } from './infrastructure.ts';
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
export { openObserver } from './observe-io.ts';
export { allPages, firstPage } from './pages.ts';
export { type ObservedPool, poolKinds, type Wanted } from './pool.ts';
export { openRunnerLists } from './runners-io.ts';
export { byJobs, byRunners } from './waited-for.ts';
