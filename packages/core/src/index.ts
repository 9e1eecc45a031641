export type { AnnotationPlace, Level } from './annotations.ts';
export {
  type CommandResult,
  CommandFailure,
  type CommandModule,
  type ExitCode,
  exitCodes,
  helpOf,
  parseOptions,
  runCommand,
} from './command.ts';
export { type Deadline, DeadlinePassed, startDeadline, monotonicNow, withinDeadline } from './deadline.ts';
export type { Engine } from './engine.ts';
export {
  escapeControls,
  InvalidValue,
  messageOf,
  type Place,
  quote,
  reasonOf,
  stackOf,
  UserError,
} from './errors.ts';
export { type Answer, deliver, type Delivery, retryAfter, serverText } from './deliver.ts';
export { execute, type ExecuteOptions, type Execution } from './execute.ts';
export { formatBytes, formatDuration } from './format.ts';
export { answerRequest, askHelper, type HelperReply, NoAnswer } from './helper-process.ts';
export { type HttpRequest, type HttpSend, openSend, readBody } from './http.ts';
export { type Inputs, readInputs } from './inputs.ts';
export { isGitHubCloud, type Job, readJob } from './job.ts';
export type { Log } from './log.ts';
export { codeBlock, codeSpan, details, escapeMarkdown, link, table } from './markdown.ts';
export {
  describeNetworkError,
  maskCredential,
  prepareNetwork,
  proxyFor,
  type ProxySettings,
  proxySettingsForNode,
} from './network.ts';
export * from './parse.ts';
export { type Commands, type Limits, type PhaseModule, type Phases, run, runHook } from './run.ts';
export { redact, registerSecret } from './secrets.ts';
export type { State } from './state.ts';
export type { Step } from './step.ts';
export { type Summary, summaryLimit } from './summary.ts';
export { readSmallFile } from './read-file.ts';
export { deploymentEvents, writeAccessEvents, pullRequestEvents } from './trusted-events.ts';
export {
  assessTrust,
  authorInQuestion,
  type CacheWrites,
  cacheWritesOf,
  trustFactsOf,
  type Trust,
  type TrustFacts,
  trustOf,
} from './trust.ts';
export { parseTrustEntry, trustChoices, trustEntryForms, trustWords } from './trust-entry.ts';
export { warnOnce } from './warn-once.ts';
export { describeWriteError } from './write-error.ts';
export { makeFolder, writeFileAtomic } from './write-file.ts';
export { ownValue } from './own-value.ts';
