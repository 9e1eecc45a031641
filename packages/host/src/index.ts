export { type MaybeUnknown, isUnknown, type Unknown } from './maybe-unknown.ts';
export { type Capacity, hostCapacity, type Limit, type Machine } from './capacity.ts';
export { type Cgroup, cgroupAt, type Controller, findCgroup } from './cgroup.ts';
export { type CgroupLimits, readLimits } from './cgroup-limits.ts';
export { type CgroupUsage, readUsage, readUsageOf } from './cgroup-usage.ts';
export { type Reader } from './readings.ts';
export { networkCounters, type NetworkTraffic } from './network-counters.ts';
export { diskTraffic, type DiskTraffic } from './disk-traffic.ts';
export {
  portableCounters,
  type PortableCounters,
  type PortableReading,
  type Programs,
} from './portable-counters.ts';
export { parsePressure } from './pressure.ts';
export { type GpuUse, parseGpus } from './gpus.ts';
export { type GpuReading, type GpuWatch, type GpuWatchOptions, watchGpus } from './watch-gpus.ts';
export { type OomKill, oomKills } from './oom-kills.ts';
export { type OomKills, readKills } from './kernel-log.ts';
export {
  closeFolder,
  type Entry,
  pathInFolder,
  type Folder,
  listFolder,
  createInside,
  heldFolder,
  openFolder,
  openInside,
} from './folder.ts';
export { type EntryState, readInside, replaceInside, stateInside, unlinkInside } from './file-in-folder.ts';
export type { EngineAbout } from './container-engine-about.ts';
export { type ContainerEngine, type Gone, type Listed, openEngine } from './container-engine.ts';
export { EngineError } from './container-engine-request.ts';
export type {
  Container,
  ContainerMount,
  ContainerSummary,
  Image,
  ImageKind,
  Network,
  Volume,
} from './container-engine-shapes.ts';
export type { IsolatedContainer } from './isolated-container.ts';
export { engineSockets, findEngines, type FoundEngines } from './find-engines.ts';
export { decodeName, encodeName, foldName } from './file-names.ts';
export { type Disk, diskFrom, diskOf, disksOf, spaceOf, usedShare } from './disks.ts';
export { mountId } from './directory-handle.ts';
export { type Mount, mountOf, mountsBelow, otherPathOf, parseMounts, readMounts } from './mounts.ts';
export {
  isDead,
  isOrphan,
  isOrphanOf,
  jobOwner,
  type Owner,
  ownerName,
  ownerOf,
  readOwnerName,
} from './owner.ts';
export { type Ended, endProcesses } from './end-processes.ts';
export { recordHelper, runningHelpers } from './helper-records.ts';
export {
  ancestorsOf,
  descendantsOf,
  type JobProcess,
  type ProcessIdentity,
  processesOfJob,
} from './job-processes.ts';
export { type Kernel, readKernel, readKernelStart } from './kernel-files.ts';
export { type OwnContainer, ownContainer } from './own-container.ts';
export { type OtherRunner, otherRunners, type OtherRunners } from './other-runners.ts';
export {
  bootId,
  type HostProcess,
  listProcesses,
  parseStat,
  processAlive,
  readProcess,
} from './processes.ts';
export { parseRunnerFile, readRunnerFile, type RunnerFile } from './runner-label.ts';
export { isInside, runnerFolderOf, type RunnerFolders, runnerFolders } from './runner-folders.ts';
export { isRemote, localPathOf, resolveLinks } from './local-path.ts';
export { jobStart, workerStart } from './job-start.ts';
export { describeUse, isInFirstPidNamespace, type PathUse, readPathUses, useOf } from './path-uses.ts';
export { type RunnerProcess, runnerProcesses, whoSharesWork, workerAbove } from './runner-processes.ts';
export { measureTree, type Size, walkTree } from './measure-tree.ts';
export { findRunners } from './find-runners.ts';
export { listRunners, whyNotIdle } from './runner-idle.ts';
export { mountFinder, moveEntries, moveEntry, type NotMoved } from './move-entry.ts';
export { type NoFile, readFileWithin, readRegularFile } from './read-file.ts';
export { emptyDirectory } from './remove.ts';
export {
  explainFileError,
  movedAway,
  nothingRemoved,
  type Removal,
  type RemoveOptions,
  type Residue,
} from './removal.ts';
export { removeBelow } from './remove-below.ts';
export { realPathOf, relationOf, systemFolderOf } from './system-folders.ts';
export { holdsOnlyJob } from './job-use/job-cgroup.ts';
export { followJob, type JobProcesses, type ProcessesUse } from './job-use/job-use.ts';
export type { NamedUse } from './job-use/account.ts';
export type { JobSigns } from './job-use/members.ts';
