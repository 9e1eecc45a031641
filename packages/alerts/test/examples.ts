import type { Issue } from '@runner-actions/github';
import type { OwnIssue } from '../src/decide-issue.ts';
import { type Incident, incidentKey, type Observation } from '../src/incident.ts';
import { issueBody, type IssueState } from '../src/issue-text.ts';
import { emptyMemory } from '../src/memory.ts';
import { planAlerts, type PlanRequest } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';

export const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** A Monday, at noon in UTC. */
export const noon = Date.parse('2026-03-02T12:00:00Z');

export const keyOf = (subject: string): string =>
  incidentKey({ scope: 'octo/app', kind: 'offline', subject });

/** Returns an incident that has lasted for an hour at noon. */
export function incident(change: Partial<Incident> = {}): Incident {
  return {
    key: keyOf('big-1'),
    kind: 'offline',
    title: 'big-1 is offline',
    severity: 'warning',
    summary: 'GitHub lists it as offline. Start its service.',
    since: noon - hour,
    ...change,
  };
}

export function observe(
  state: Observation['state'] = 'firing',
  change: Partial<Incident> = {},
  remark?: string,
): Observation {
  return { incident: incident(change), state, ...(remark === undefined ? {} : { remark }) };
}

/** Returns an issue of ours about the example incident. */
export function ownIssue(change: Partial<Issue> = {}, state?: Partial<IssueState> | null): OwnIssue {
  const whole: IssueState = { severity: 'warning', at: noon - hour, since: noon - hour, ...state };
  const issue: Issue = {
    number: 4,
    title: 'big-1 is offline',
    body: issueBody(observe(), whole),
    state: 'open',
    stateReason: undefined,
    labels: ['runner-actions-fleet'],
    author: { login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
    createdAt: noon - hour,
    closedAt: change.state === 'closed' ? noon - 10 * minute : undefined,
    url: 'https://github.com/octo/app/issues/4',
    ...change,
  };
  return { key: keyOf('big-1'), issue, state: state === null ? undefined : whole };
}

export const issuesOf = (...own: OwnIssue[]) => ({
  issues: { seen: { kind: 'read' as const, own, isComplete: true }, hidesMachines: false },
});

/** Plans with the defaults: one firing incident, no memory, no channel, a trusted event, noon. */
export function plan(change: Partial<PlanRequest> = {}) {
  return planAlerts({
    observations: [observe()],
    memory: emptyMemory,
    channels: {},
    policy: defaultPolicy,
    isTrusted: true,
    now: noon,
    ...change,
  });
}

/** Names what a plan does with issues, and why it does nothing. */
export function issueActs(change: Partial<PlanRequest>): string[] {
  const { acts, silent } = plan(change);
  const done = acts.flatMap((one) =>
    one.channel !== 'issues' ? [] : [one.act.kind === 'update' ? one.act.event : one.act.kind],
  );
  return [...done, ...silent.filter(({ channel }) => channel === 'issues').map(({ why }) => why)];
}
