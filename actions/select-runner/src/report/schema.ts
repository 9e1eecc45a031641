import * as v from 'valibot';
import { confidences, poolKinds, sources } from '@runner-actions/history';
import { breakerStates } from '../decide/breaker.ts';
import { outcomes } from '../decide/placement.ts';
import { reasons } from '../decide/verdict.ts';

const runsOn = v.union([
  v.string(),
  v.array(v.string()),
  v.object({ group: v.string(), labels: v.optional(v.union([v.string(), v.array(v.string())])) }),
]);
const reason = v.picklist(reasons);
const source = v.picklist(sources);
const confidence = v.picklist(confidences);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const placement = v.strictObject({
  index: count,
  decision: v.picklist(outcomes),
  'runs-on': runsOn,
  pool: v.string(),
  'is-self-hosted': v.boolean(),
  reason,
  source,
  confidence,
  sentence: v.string(),
});

const pool = v.strictObject({
  pool: v.string(),
  kind: v.picklist(poolKinds),
  labels: v.array(v.string()),
  /** Number of jobs of this run that the pool got. */
  placed: count,
  /** Null: the pool was not checked, because that was not needed or not allowed. */
  reason: v.nullable(reason),
  why: v.string(),
  source: v.nullable(source),
  confidence: v.nullable(confidence),
  matching: v.nullable(count),
  online: v.nullable(count),
  free: v.nullable(count),
  breaker: v.nullable(v.picklist(breakerStates)),
});

const sample = v.strictObject({ samples: count, confidence });

/** The schema of the file in the output `report`. */
export const reportSchema = v.strictObject({
  version: v.literal(1),
  ...placement.entries,
  'dry-run': v.boolean(),
  trust: v.strictObject({ trusted: v.boolean(), why: v.string() }),
  placements: v.array(placement),
  pools: v.array(pool),
  'waited-seconds': count,
  'api-calls': count,
  estimates: v.strictObject({
    wait: v.nullable(v.strictObject({ median: count, p90: count, ...sample.entries })),
    cost: v.nullable(v.strictObject({ amount: v.number(), currency: v.string(), ...sample.entries })),
  }),
});

export type Report = v.InferOutput<typeof reportSchema>;
