export type { JobOptions, JobResult, JobStatus, JobStep, StepResult } from './job.ts';
export { nodeOfRunner } from './hooks.ts';
export { launchJob } from './launch.ts';
export type { Annotation } from './annotations.ts';
export { type Metadata, readMetadata } from './metadata.ts';
export { withMounts, withReadOnly, withSmallDisk } from './mounts.ts';
export { findOrphans, killAll } from './processes.ts';
export { withPolicy } from './policy.ts';
export { killAt, patch, preload } from './preload.ts';
