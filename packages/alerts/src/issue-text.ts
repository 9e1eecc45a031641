import { codeSpan, escapeMarkdown, formatDuration, link, table } from '@runner-actions/core';
import { beginOf, type Incident, isKey, type Observation, type Severity, severities } from './incident.ts';
import { shorten, timeText } from './text.ts';

/** GitHub's limits in characters. Source: its errors, such as "body is too long (maximum is 65536 characters)". */
const [maxTitle, maxBody] = [256, 65_536];
/** Bounds of what a stranger may fill. */
const [maxLines, maxLine, maxFacts] = [100, 2_000, 30];

/** What an issue itself remembers, on the second line of its body. Times are milliseconds since the epoch. */
export interface IssueState {
  severity: Severity;
  /** When the last comment was written. */
  at: number;
  /** When the incident that the issue tells began. */
  since: number;
  /** Set when we closed it, and not a person. */
  closed?: true;
  /** Set when it ended while a person had closed the issue: the next occurrence is a new one. */
  cleared?: true;
  /** Set when we closed it as a duplicate. */
  duplicate?: true;
}

const [markerStart, stateStart, end] = [
  '<!-- runner-actions:incident ',
  '<!-- runner-actions:state ',
  ' -->',
];

/**
 * Reads the marker of a body. It counts only on the first line, since a text that a stranger wrote may stand further down.
 * @returns `undefined` if there is none. Its `state` is missing if the second line is not ours
 */
export function readMarker(body: string): { key: string; state: IssueState | undefined } | undefined {
  const [first = '', second = ''] = body.slice(0, 1000).split(/\r?\n/, 2);
  const key = inside(first, markerStart);
  if (key === undefined || !isKey(key)) return undefined;
  return { key, state: readState(inside(second, stateStart) ?? '') };
}

function inside(line: string, start: string): string | undefined {
  return line.startsWith(start) && line.endsWith(end) ? line.slice(start.length, -end.length) : undefined;
}

function readState(json: string): IssueState | undefined {
  try {
    const read = JSON.parse(json) as Record<string, unknown> | null;
    const severity = severities.find((one) => one === read?.['severity']);
    const { at, since } = read ?? {};
    if (severity === undefined || typeof at !== 'number' || typeof since !== 'number') return undefined;
    const flag = (name: 'closed' | 'cleared' | 'duplicate') =>
      read?.[name] === true ? { [name]: true } : {};
    return { severity, at, since, ...flag('closed'), ...flag('cleared'), ...flag('duplicate') };
  } catch {
    return undefined;
  }
}

/** Writes the two lines that find an issue again. */
function markerOf(key: string, state: IssueState): string {
  return `${markerStart}${key}${end}\n${stateStart}${JSON.stringify(state)}${end}`;
}

/** Returns a body with another state, and the rest unchanged. */
export function withState(body: string, key: string, state: IssueState): string {
  const [, second = '', ...rest] = body.split(/\r?\n/);
  const tail = inside(second, stateStart) === undefined ? [second, ...rest] : rest;
  return cut([markerOf(key, state), ...tail].join('\n'));
}

/** Returns the title of an issue: one line without mentions, references and commands. */
export function issueTitle({ title }: Incident): string {
  const line = title
    .replaceAll(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ')
    .trim()
    .replaceAll(/[@#](?=\w)/g, '$&\u200b')
    .replace(/^\//, '\u200b/');
  return shorten(line === '' ? 'Incident' : line, maxTitle);
}

/**
 * Returns the body of an issue.
 * @param earlier number of the issue of an earlier occurrence
 */
export function issueBody({ incident, remark }: Observation, state: IssueState, earlier?: number): string {
  const parts = [
    markerOf(incident.key, state),
    `**${nameOf(incident.severity)}** since ${timeText(beginOf(incident))}.`,
    lines(incident.summary),
    ...(remark === undefined ? [] : [lines(remark)]),
    ...factsOf(incident),
    ...linkOf(incident),
    ...(earlier === undefined ? [] : [`It happened before: #${earlier}`]),
    `<sub>Runner Actions opens, updates and closes this issue. Close it as *not planned* to hear nothing more until the incident has ended. Kind: ${codeSpan(incident.kind)}</sub>`,
  ];
  return cut(parts.join('\n\n'));
}

/** Why a comment is written. */
export type CommentKind = 'changed' | 'reminder' | 'closed' | 'reopened';

/** Returns a comment. @param before the severity that was told last @param now milliseconds since the epoch */
export function issueComment(
  kind: CommentKind,
  { incident, remark }: Observation,
  before: Severity | undefined,
  now: number,
): string {
  const lasted = formatDuration(Math.max(0, now - beginOf(incident)));
  const name = `**${incident.severity}**`;
  const heads: Record<CommentKind, string> = {
    changed: `It is now ${name}${before === undefined ? '' : `, and was ${before} before`}. It has lasted ${lasted}.`,
    reminder: `It is still ${name}, and has lasted ${lasted}.`,
    closed: `It has ended after ${lasted}.`,
    reopened: `It is back as ${name}, since ${timeText(beginOf(incident))}.`,
  };
  const rest = kind === 'closed' ? [] : [lines(incident.summary)];
  const parts = [heads[kind], ...rest, ...(remark === undefined ? [] : [lines(remark)]), ...linkOf(incident)];
  return cut(parts.join('\n\n'));
}

function nameOf(severity: Severity): string {
  return severity.charAt(0).toUpperCase() + severity.slice(1);
}

function factsOf({ facts = [] }: Incident): string[] {
  if (facts.length === 0) return [];
  const rows = facts
    .slice(0, maxFacts)
    .map((pair) => pair.map((text) => escapeMarkdown(shorten(text, maxLine))));
  return [table(['', ''], rows).trimEnd()];
}

function linkOf({ url = '' }: Incident): string[] {
  return url === '' ? [] : [link('More', url)];
}

/** Escapes a text of several lines. A line that begins with a slash would be a command to some bots. */
function lines(text: string): string {
  const all = text.split('\n', maxLines + 1);
  const shown = all.slice(0, maxLines).map((line) => {
    return escapeMarkdown(shorten(line.trim(), maxLine)).replace(/^\//, '\\/');
  });
  return [...shown, ...(all.length > maxLines ? ['…'] : [])].join('\n');
}

function cut(text: string): string {
  const note = '\n\n… The rest is left out.';
  return text.length <= maxBody
    ? text
    : text.slice(0, maxBody - note.length).replace(/[\ud800-\udbff]$/, '') + note;
}
