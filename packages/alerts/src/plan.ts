import { decide, type Event, type Look, type Silence } from './decide.ts';
import { decideIssue, type IssueAct, type OwnIssue } from './decide-issue.ts';
import { hideMachines } from './hide-machines.ts';
import { type Observation, severities } from './incident.ts';
import type { EndedQuietly, Memory, Remembered, Told } from './memory.ts';
import type { AlertPolicy } from './policy.ts';
import { isQuiet } from './quiet-hours.ts';

/** The issues that were found, or why they could not be read. */
export type IssuesSeen =
  { kind: 'read'; own: readonly OwnIssue[]; isComplete: boolean } | { kind: 'unknown'; why: string };

/** The channels of a plan. A channel that is missing is not used. */
export interface PlannedChannels {
  issues?: { seen: IssuesSeen; hidesMachines: boolean };
  webhook?: boolean;
  alertmanager?: boolean;
}

export type Act =
  | { channel: 'issues'; observation: Observation; act: IssueAct }
  | { channel: 'webhook'; observation: Observation; event: Event; told: Told | undefined }
  /** Alertmanager is told in each look what is open, or it takes it for ended. */
  | { channel: 'alertmanager'; observation: Observation; event: Event | 'repeat'; told: Told | undefined }
  /** One message in the morning about what ended in the night. */
  | { channel: 'webhook'; ended: readonly EndedQuietly[] };

export interface Silent {
  key: string;
  channel: Act['channel'];
  why: Silence;
}

/** What to do, as data. A dry run makes the same plan, and does not carry it out. */
export interface Plan {
  acts: Act[];
  /** What is not told, and why. */
  silent: Silent[];
  /** The memory after this look, before anything is told. */
  memory: Memory;
}

export interface PlanRequest {
  observations: readonly Observation[];
  memory: Memory;
  channels: PlannedChannels;
  policy: AlertPolicy;
  /** False for a fork, Dependabot and every event that may be a stranger's: nothing is told on any channel. */
  isTrusted: boolean;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Messages of one look on one channel. The rest is told in the next look, the most severe first. */
export const mostMessages = 20;

/** Decides what each channel is told. Pure: the same facts give the same plan. */
export function planAlerts(request: PlanRequest): Plan {
  const { memory, channels, policy, isTrusted, now } = request;
  if (!isTrusted) return { acts: [], silent: [], memory };
  const observations = bySeverity(onePerKey(request.observations));
  const seen = observations.filter(({ state }) => state === 'firing').map(({ incident }) => incident.key);
  const firing = new Set(seen);
  const looks = observations.map((observation): Look & { known: Remembered } => {
    const known = countLook(observation, memory.incidents[observation.incident.key], now);
    const { partOf = '', key } = observation.incident;
    const isCovered = partOf !== key && firing.has(partOf);
    return { observation, known, goodLooks: known.goodLooks, isCovered, policy, now };
  });
  const planned = looks.flatMap((look) => planOne(look, channels));
  const next = withHeld(looks, memory, channels);
  const isMorning = channels.webhook === true && !isQuiet(policy.quietHours, now) && next.ended.length > 0;
  const all = [...planned, ...(isMorning ? [{ channel: 'webhook' as const, ended: next.ended }] : [])];
  return { ...limited(all), memory: next };
}

function onePerKey(observations: readonly Observation[]): Observation[] {
  return [...new Map(observations.map((one) => [one.incident.key, one])).values()];
}

function bySeverity(observations: Observation[]): Observation[] {
  const rank = ({ incident }: Observation): number => severities.indexOf(incident.severity);
  return observations.sort((a, b) => rank(a) - rank(b));
}

function countLook({ state }: Observation, before: Remembered | undefined, now: number): Remembered {
  const good = before?.goodLooks ?? 0;
  const goodLooks = state === 'recovered' ? good + 1 : state === 'firing' ? 0 : good;
  return { ...before, goodLooks, seen: now };
}

function planOne(look: Look & { known: Remembered }, channels: PlannedChannels): (Act | Silent)[] {
  const planned: (Act | Silent)[] = [];
  if (channels.issues !== undefined) planned.push(...planIssue(look, channels.issues));
  if (channels.webhook === true) planned.push(planWebhook(look));
  if (channels.alertmanager === true) planned.push(planAlertmanager(look));
  return planned;
}

function planIssue(look: Look, { seen, hidesMachines }: NonNullable<PlannedChannels['issues']>) {
  const { key } = look.observation.incident;
  const silent = (why: Silence): Silent => ({ key, channel: 'issues', why });
  if (seen.kind === 'unknown') return [silent('list-unreadable')];
  const own = seen.own.filter((one) => one.key === key);
  const { acts, why } = decideIssue(look, own, seen.isComplete);
  const observation = hidesMachines ? hideMachines(look.observation) : look.observation;
  const planned = acts.map((act): Act => ({ channel: 'issues', observation, act }));
  return why === undefined ? planned : [...planned, silent(why)];
}

function planWebhook(look: Look & { known: Remembered }): Act | Silent {
  const { observation, known } = look;
  const decision = decide(look, known.webhook);
  if (decision.tell !== undefined)
    return { channel: 'webhook', observation, event: decision.tell, told: known.webhook };
  return { channel: 'webhook', key: observation.incident.key, why: decision.why };
}

/** Alertmanager mutes by its own rules. So the end of an alert does not wait, and an open one is repeated in the night too. */
function planAlertmanager(look: Look & { known: Remembered }): Act | Silent {
  const { observation, known, goodLooks, policy } = look;
  const { alertmanager: told } = known;
  const act = (event: Event | 'repeat'): Act => ({ channel: 'alertmanager', observation, event, told });
  if (told?.state === 'open') {
    const isOver = observation.state === 'recovered' && goodLooks >= policy.closeAfterLooks;
    if (isOver) return act('closed');
    const decision = decide(look, told);
    return act(decision.tell === 'changed' ? 'changed' : 'repeat');
  }
  const decision = decide(look, told);
  if (decision.tell !== undefined) return act(decision.tell);
  return { channel: 'alertmanager', key: observation.incident.key, why: decision.why };
}

/** Notes what quiet hours hold back, and what ended before it was told. */
function withHeld(
  looks: readonly (Look & { known: Remembered })[],
  memory: Memory,
  { webhook = false }: PlannedChannels,
): Memory {
  const incidents = { ...memory.incidents };
  const ended = [...memory.ended];
  for (const look of looks) {
    const { key, title, severity, since } = look.observation.incident;
    const { held: before, ...known } = look.known;
    const decision = decide(look, known.webhook);
    const isHeld =
      known.webhook?.state !== 'open' && decision.tell === undefined && decision.why === 'quiet-hours';
    const isOver = look.observation.state === 'recovered' && look.goodLooks >= look.policy.closeAfterLooks;
    const held = before ?? (isHeld ? { title: title.slice(0, 300), severity, from: since } : undefined);
    if (webhook && before !== undefined && isOver) ended.push({ key, ...before, to: look.now });
    const keeps = held !== undefined && !isOver && decision.tell === undefined;
    incidents[key] = { ...known, ...(keeps ? { held } : {}) };
  }
  return { ...memory, incidents, ended };
}

/** Leaves the messages beyond the limit for the next look. */
function limited(planned: readonly (Act | Silent)[]): Pick<Plan, 'acts' | 'silent'> {
  const acts: Act[] = [];
  const silent: Silent[] = [];
  const count = { issues: 0, webhook: 0 };
  for (const one of planned) {
    if ('why' in one) silent.push(one);
    else if (one.channel === 'alertmanager' || (count[one.channel] += 1) <= mostMessages) acts.push(one);
    else if ('observation' in one)
      silent.push({ key: one.observation.incident.key, channel: one.channel, why: 'too-many' });
  }
  return { acts, silent };
}
