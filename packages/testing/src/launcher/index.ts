export {
  type JobOptions,
  type JobResult,
  type JobStatus,
  type JobStep,
  launchJob,
  type StepResult,
} from './launch.ts';
export type { Annotation } from './log-commands.ts';
export { type Metadata, readMetadata } from './metadata.ts';
export { withReadOnly, withSmallDisk } from './mounts.ts';
export { findOrphans } from './processes.ts';
export { withPolicy } from './policy.ts';
