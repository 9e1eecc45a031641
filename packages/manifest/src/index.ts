export { type Condition, type Facts, whyNot } from './condition.ts';
export {
  commonKeyDescriptions,
  describeManifest,
  describeTools,
  type KeyDescription,
  type ToolDescription,
} from './describe.ts';
export { loadManifest, type LoadedManifest, withInline } from './load.ts';
export type { Manifest, Note, Placed, Requirement } from './manifest.ts';
export type { BaseRequirement, ParsedText, Severity } from './requirement.ts';
export { type AnyRequirement, manifestSchema, sectionNames } from './schema.ts';
export type { GroupRequirement, MembershipRequirement, UserRequirement } from './sections/accounts.ts';
export { compareNumbers, type Comparison } from './sections/comparison.ts';
export type { EngineRequirement } from './sections/engines.ts';
export { type Node, roundsOf } from './features/graph.ts';
export { type KnownFeature, knownFeatures } from './features/known-features.ts';
export { libraryPackage } from './features/library-packages.ts';
export type { Archive, FeatureRequirement } from './sections/features.ts';
export type { Installable } from './sections/installable.ts';
export type { EnvRequirement } from './sections/env.ts';
export type { LibraryRequirement } from './sections/libraries.ts';
export {
  isLanguageManager,
  type LanguageManager,
  languageManagers,
  type PackageManager,
  packageManagers,
  schemeOfManager,
  type SystemManager,
  systemManagers,
} from './sections/package-managers.ts';
export type { Framework, GpuFact, GpuRequirement, GpuVendor } from './sections/gpu.ts';
export { type OciRequirement, type OciRuntime, type OciStep, ociSteps } from './sections/oci.ts';
export type { RustRequirement } from './sections/rust.ts';
export type { FileRequirement, LinePattern } from './sections/files.ts';
export { type KernelRequirement, type LimitName, limitNames } from './sections/kernel.ts';
export type { MountRequirement } from './sections/mounts.ts';
export type { PackageRequirement } from './sections/packages.ts';
export type { PortRequirement } from './sections/ports.ts';
export type { ServiceRequirement } from './sections/services.ts';
export type { DiskRequirement, Size, SystemRequirement } from './sections/system.ts';
export type { ToolcacheRequirement } from './sections/toolcache.ts';
export type { ToolRequirement } from './sections/tools.ts';
export { compareVersions, judge, parseRange, type Range, type SchemeName } from './versions/index.ts';
export { argumentsOf, commandsOf, toolNamed, tools } from './tools/catalogue.ts';
export { type FoundFile, interpreterOf, readsContent, readToolFiles } from './tools/read-file.ts';
export { readToolOutput, type Reading } from './tools/read-output.ts';
export type { FileProbe, ToolEntry } from './tools/tool-entry.ts';
