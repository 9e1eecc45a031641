import type { Issue } from '@runner-actions/github';
import { decide, type Decision, type LastTold, type Look, type Silence } from './decide.ts';
import type { Severity } from './incident.ts';
import type { IssueState } from './issue-text.ts';

/** An issue of ours, found by its marker. */
export interface OwnIssue {
  key: string;
  issue: Issue;
  /** `undefined` if a person changed that line. */
  state: IssueState | undefined;
}

/** What to do with the issues of one incident. */
export type IssueAct =
  | { kind: 'create'; earlier?: number }
  | { kind: 'update'; event: 'changed' | 'reminder'; target: OwnIssue; before?: Severity }
  | { kind: 'close'; target: OwnIssue }
  | { kind: 'reopen'; target: OwnIssue }
  /** Notes in the body, without a comment, that an incident ended whose issue a person had closed. */
  | { kind: 'clear'; target: OwnIssue }
  /** Closes an issue that tells the same as an older one. */
  | { kind: 'duplicate'; target: OwnIssue; original: number };

export interface IssueDecision {
  acts: IssueAct[];
  /** Why nothing is told. */
  why?: Silence;
}

/**
 * Decides what becomes of the issues of one incident.
 * @param own all issues of this incident that we opened
 * @param isComplete whether all open issues were read. If not, an issue that is not found may exist
 */
export function decideIssue(look: Look, own: readonly OwnIssue[], isComplete: boolean): IssueDecision {
  const open = own.filter(({ issue }) => issue.state === 'open').sort(byNumber);
  const [current, ...others] = open;
  if (current !== undefined) {
    const duplicates = others.map((target): IssueAct => {
      return { kind: 'duplicate', target, original: current.issue.number };
    });
    const decision = decideOpen(look, current);
    return { ...decision, acts: [...duplicates, ...decision.acts] };
  }
  const closed = own
    .filter(({ state }) => state?.duplicate !== true)
    .sort((a, b) => (b.issue.closedAt ?? 0) - (a.issue.closedAt ?? 0));
  return decideClosed(look, closed[0], isComplete);
}

function byNumber(a: OwnIssue, b: OwnIssue): number {
  return a.issue.number - b.issue.number;
}

function decideOpen(look: Look, target: OwnIssue): IssueDecision {
  const { severity } = look.observation.incident;
  // Whoever removed the second line of the body loses only what was told when.
  const told: LastTold = { state: 'open', severity, at: target.issue.createdAt, ...target.state };
  const decision = decide(look, { ...told, state: 'open' });
  switch (decision.tell) {
    case 'changed':
    case 'reminder':
      return { acts: [{ kind: 'update', event: decision.tell, target, before: told.severity }] };
    case 'closed':
      return { acts: [{ kind: 'close', target }] };
    default:
      return asSilence(decision);
  }
}

function decideClosed(look: Look, last: OwnIssue | undefined, isComplete: boolean): IssueDecision {
  const { observation, goodLooks, policy } = look;
  if (observation.state === 'recovered') {
    const mustClear = last !== undefined && isMuted(last) && goodLooks >= policy.closeAfterLooks;
    return mustClear ? { acts: [{ kind: 'clear', target: last }] } : { acts: [], why: 'not-told-before' };
  }
  if (last !== undefined && isMuted(last) && !isNewOccurrence(look, last)) return { acts: [], why: 'muted' };
  const closedAt = last?.issue.closedAt;
  const told = closedAt === undefined ? undefined : ({ state: 'closed', at: closedAt } as const);
  const decision = decide(look, told && { ...told, severity: observation.incident.severity });
  if (decision.tell === undefined) return asSilence(decision);
  if (decision.tell === 'reopened' && last !== undefined) return { acts: [{ kind: 'reopen', target: last }] };
  if (!isComplete) return { acts: [], why: 'list-incomplete' };
  return { acts: [{ kind: 'create', ...(last === undefined ? {} : { earlier: last.issue.number }) }] };
}

/**
 * Whether a person closed the issue, and the incident has not ended since. We never close as not planned what is no
 * duplicate: a person may have opened an issue again that we had closed, and closed it then.
 */
function isMuted({ issue, state }: OwnIssue): boolean {
  const isOurs = state?.closed === true && issue.stateReason !== 'not_planned';
  return !isOurs && state?.cleared !== true;
}

/**
 * Whether an incident began after a person had closed its issue as done. An issue that was closed as not planned stays
 * closed until a look has found the incident gone.
 */
function isNewOccurrence({ observation }: Look, { issue }: OwnIssue): boolean {
  return issue.stateReason !== 'not_planned' && observation.incident.since > (issue.closedAt ?? Infinity);
}

function asSilence(decision: Decision): IssueDecision {
  return { acts: [], ...(decision.tell === undefined ? { why: decision.why } : {}) };
}
