import * as v from 'valibot';
import { outcomes, statuses } from './results.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const result = v.strictObject({
  kind: v.string(),
  name: v.string(),
  status: v.picklist(statuses),
  severity: v.picklist(['warn', 'error']),
  found: v.string(),
  wanted: v.string(),
  /** What to do about it. */
  advice: v.optional(v.string()),
  /** A hint even if the requirement is met. */
  notice: v.optional(v.string()),
  /** Where the requirement is written. Lines and columns count from 1. */
  file: v.string(),
  line: count,
  column: count,
  /** Whether it was not checked again, because nothing changed since an earlier check that passed. */
  asBefore: v.optional(v.boolean()),
});

const machine = v.strictObject({
  os: v.string(),
  arch: v.string(),
  /** `github-hosted` or `self-hosted`; null where the runner does not say. */
  environment: v.nullable(v.string()),
  /** Whether the job runs in a container, so that the facts are those of the container. */
  container: v.boolean(),
});

/** What one command of an installation did. */
const act = v.strictObject({
  /** The package manager, `feature`, or `archive` for a download by this action. */
  by: v.string(),
  /** The arguments that ran. For an archive: `download` and its address. */
  command: v.array(v.string()),
  /** The requirements that it should meet. */
  meets: v.array(v.string()),
  /** Exit code; null where there was no process, or none that exited. */
  exitCode: v.nullable(v.pipe(v.number(), v.integer())),
  seconds: v.pipe(v.number(), v.minValue(0)),
  /** Size and SHA-256 of what this action downloaded. */
  bytes: v.optional(count),
  sha256: v.optional(v.string()),
  /** Why it failed. */
  problem: v.optional(v.string()),
});

/** What `mode: install` did. */
const installation = v.strictObject({
  acts: v.array(act),
  /** Why nothing was begun, or why the rest was not. */
  problem: v.optional(v.string()),
});

/** The report of a check. Its JSON Schema is published. */
export const reportSchema = v.strictObject({
  version: v.literal(1),
  /** The manifest's name, or its path. */
  name: v.string(),
  status: v.picklist(outcomes),
  counts: v.strictObject({ pass: count, warn: count, fail: count, error: count, skip: count }),
  /** Names of the requirements that are not met, without those that could not be checked. */
  missing: v.array(v.string()),
  machine,
  files: v.array(v.string()),
  results: v.array(result),
  /** Only with `mode: install`, if something had to be installed. */
  installation: v.optional(installation),
});

export type Report = v.InferOutput<typeof reportSchema>;
export type ResultReport = v.InferOutput<typeof result>;
export type MachineReport = v.InferOutput<typeof machine>;
export type InstallationReport = v.InferOutput<typeof installation>;
