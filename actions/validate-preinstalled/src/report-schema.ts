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
});

export type Report = v.InferOutput<typeof reportSchema>;
export type ResultReport = v.InferOutput<typeof result>;
export type MachineReport = v.InferOutput<typeof machine>;
