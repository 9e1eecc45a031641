import { mapOf } from '@runner-actions/config';
import * as v from 'valibot';
import { type Severity, severities } from './incident.ts';

/** What a channel was told last about an incident. Times are milliseconds since the epoch. */
export interface Told {
  state: 'open' | 'closed';
  severity: Severity;
  /** When the last message was delivered. */
  at: number;
  /** The labels that Alertmanager knows it by. */
  labels?: Record<string, string>;
}

/** What is known about an incident from earlier looks. */
export interface Remembered {
  /** Looks in a row that found it gone. */
  goodLooks: number;
  /** When a look last named it. */
  seen: number;
  webhook?: Told;
  alertmanager?: Told;
  /** Set while quiet hours hold its first message. */
  held?: { title: string; severity: Severity; from: number };
}

/** An incident that began and ended in quiet hours, for one line in the morning. */
export interface EndedQuietly {
  key: string;
  title: string;
  severity: Severity;
  from: number;
  to: number;
}

/**
 * What the channels were told so far. Issues carry their own memory. The caller keeps this value between looks, as JSON.
 * Without it, the webhook hears of an open incident again with each look.
 */
export interface Memory {
  version: 1;
  incidents: Record<string, Remembered>;
  ended: EndedQuietly[];
  /** The account that opened our last issue. */
  author?: { login: string; id: number };
}

export const emptyMemory: Memory = { version: 1, incidents: {}, ended: [] };

/** Bounds, so that a memory never grows for ever. */
const [maxIncidents, maxEnded, maxBytes] = [1000, 50, 1 << 20];

const time = v.pipe(v.number(), v.finite());
const severity = v.picklist(severities);
const text = v.pipe(v.string(), v.maxLength(300));
const told = v.object({
  state: v.picklist(['open', 'closed']),
  severity,
  at: time,
  labels: v.optional(mapOf(v.string(), v.pipe(v.string(), v.maxLength(1000)))),
});
const key = v.pipe(v.string(), v.regex(/^[\da-f]{32}$/));
const remembered = v.object({
  goodLooks: v.pipe(v.number(), v.integer(), v.minValue(0)),
  seen: time,
  webhook: v.optional(told),
  alertmanager: v.optional(told),
  held: v.optional(v.object({ title: text, severity, from: time })),
});
const shape = v.object({
  version: v.literal(1),
  incidents: mapOf(v.string(), v.unknown()),
  ended: v.pipe(
    v.array(v.object({ key, title: text, severity, from: time, to: time })),
    v.maxLength(maxEnded),
  ),
  author: v.optional(v.object({ login: text, id: v.number() })),
});

/**
 * Reads a memory from JSON. An entry that is wrong is left out. A text that is no memory gives an empty one.
 * @returns `warning`: what was lost
 */
export function readMemory(json: string): { memory: Memory; warning?: string } {
  const lost = (what: string) => ({
    memory: emptyMemory,
    warning: `What was told before is unknown, since its memory ${what}. Open incidents may be told again.`,
  });
  if (Buffer.byteLength(json) > maxBytes) return lost('is longer than 1 MiB');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return lost('is not JSON');
  }
  const whole = v.safeParse(shape, value);
  if (!whole.success) return lost('does not have the form of version 1');
  const all = Object.entries(whole.output.incidents);
  const good = all.flatMap(([name, one]) => {
    const parsed = v.safeParse(remembered, one);
    return v.is(key, name) && parsed.success ? [[name, parsed.output as Remembered] as const] : [];
  });
  const memory = { ...whole.output, incidents: Object.fromEntries(good) } as Memory;
  const wrong = all.length - good.length;
  if (wrong === 0) return { memory };
  return {
    memory,
    warning: `${wrong} of ${all.length} incidents in the memory are wrong and were left out.`,
  };
}

/**
 * Forgets what is closed and older than `keep` milliseconds, and the oldest incidents beyond 1,000.
 * @param now milliseconds since the epoch
 */
export function trimMemory(memory: Memory, keep: number, now: number): Memory {
  const isOpen = ({ webhook, alertmanager }: Remembered): boolean =>
    webhook?.state === 'open' || alertmanager?.state === 'open';
  const kept = Object.entries(memory.incidents)
    .filter(([, one]) => isOpen(one) || now - one.seen <= keep)
    .sort(([, a], [, b]) => b.seen - a.seen)
    .slice(0, maxIncidents);
  return { ...memory, incidents: Object.fromEntries(kept), ended: memory.ended.slice(-maxEnded) };
}
