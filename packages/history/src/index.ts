export { hostedGroup, isFor, jobsOfPool, type PastJob, patience, queueTimes } from './history.ts';
export { type History, openHistory } from './history-io.ts';
export { isInfrastructureFailure, wasCancelledInQueue } from './infrastructure.ts';
export {
  type Confidence,
  confidences,
  count,
  lifeOf,
  type Observation,
  type Seen,
  type Source,
  sources,
  unknown,
} from './observation.ts';
export { type Observe, openObserver } from './observe-io.ts';
export { allPages, firstPage } from './pages.ts';
export { type ObservedPool, poolKinds, type Wanted } from './pool.ts';
export { byJobs, byRunners } from './waited-for.ts';
export { everyRunner } from './every-runner-io.ts';
