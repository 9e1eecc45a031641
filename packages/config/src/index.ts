export { type Document, readDocument } from './document.ts';
export {
  clip,
  firstProblems,
  describePath,
  describeProblem,
  closestName,
  type Position,
  type Problem,
} from './problem.ts';
export { type Config, configSchema, fileSchema } from './schema/config.ts';
export { checkConfig, type Environment, loadConfig, type Loaded } from './load.ts';
export { type Fetched, type FilePlace, type Files, fileNameOf, normalize, resolvePlace } from './files.ts';
export { labelsAndGroupOf, mayTakeJobsOf, orderedPools, type Pool, type RunsOnValue } from './pools.ts';
export { printEffective } from './print.ts';
export type { FailureRule } from './schema/breaker.ts';
export { mapOf } from './schema/map-of.ts';
export { described, duration, name, oneOrMore, type SizeOrShare } from './schema/values.ts';
export { apiFiles } from './api-io.ts';
export { checkoutFiles } from './checkout-io.ts';
export type { Ignored } from './secret-names.ts';
export {
  readStepConfig,
  defaultPath,
  filesToCheck,
  normalizeConfigPath,
  problemsToError,
  type StepConfig,
  warnIgnored,
} from './step-config.ts';
export { readStepPolicy, policyPath, type PolicyResult, readPolicy } from './policy-io.ts';
export { type ReclaimName, reclaimNames } from './reclaim.ts';
export type { Policy } from './schema/policy.ts';
export { chooseStoreRoot, defaultStoreRoot, type RootFrom } from './store-root.ts';
export { localFile } from './local-file.ts';
export { type Layers, readLayers } from './layers.ts';
export { textSchema } from './text.ts';
export { readTextWithin } from './text-io.ts';
export { validate, type Validation } from './validate.ts';
