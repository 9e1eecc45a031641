import { createHash } from 'node:crypto';

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/**
 * Something that is wrong and that a person should know. All texts are plain text and may be a stranger's: each channel
 * escapes them in its own way and cuts them. Times are milliseconds since the epoch.
 */
export interface Incident {
  /** From `incidentKey`. The same on every channel and in every look. */
  key: string;
  /** What is wrong, in words of letters, digits and `-`: `offline`, `regression`. */
  kind: string;
  /** One line that names the subject. */
  title: string;
  severity: Severity;
  /** For Alertmanager and the webhook: few values, none that differs in every run. */
  labels?: Readonly<Record<string, string>>;
  /** What was seen and what to do. May have several lines. */
  summary: string;
  /** Names and values, for a table. */
  facts?: readonly (readonly [string, string])[];
  /** Names of machines in the texts. Issues of public repositories leave them out. */
  machines?: readonly string[];
  /** The first look that saw it. It must last from here on before it is told, and after a recovery it is a later time. */
  since: number;
  /** When it began, if that is known to be earlier. Default: `since`. */
  startsAt?: number;
  /** A page with more. */
  url?: string;
  /** Key of a broader incident. While that one is seen, this one is not told: a pool's incident covers its runners'. */
  partOf?: string;
}

/**
 * What one look found out about an incident. `unknown` changes nothing: an open incident stays open. An incident that no
 * observation names is unknown too, and Alertmanager takes an alert that no look repeats for ended. So name each incident that
 * a channel was told of, until it is closed there.
 */
export interface Observation {
  incident: Incident;
  state: 'firing' | 'recovered' | 'unknown';
  /** What helped, or why it is unknown. Plain text. */
  remark?: string;
}

/**
 * Returns the key of an incident: 32 hexadecimal digits. The same repository or fleet, kind and subject always have the
 * same key, so every channel and every look means the same incident.
 * @param identity `scope`: `owner/repo`, or the name of a fleet; `subject`: what it is about, such as the name of a pool
 */
export function incidentKey(identity: { scope: string; kind: string; subject: string }): string {
  const { scope, kind, subject } = identity;
  // GitHub ignores upper and lower case in names of repositories.
  const text = JSON.stringify([scope.toLowerCase(), kind, subject]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Whether a text has the form of a key. */
export function isKey(text: string): boolean {
  return /^[\da-f]{32}$/.test(text);
}

/** When an incident began, as far as it is known. */
export function beginOf({ since, startsAt = since }: Pick<Incident, 'since' | 'startsAt'>): number {
  return Math.min(since, startsAt);
}
