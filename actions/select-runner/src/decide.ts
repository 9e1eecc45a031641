import type { Trust } from '@runner-actions/core';
import type { SelectInputs } from './inputs.ts';
import type { Confidence, Observation, Source } from './observation.ts';
import { isDeclaredSelfHosted, type RunsOn } from './runs-on.ts';

/** Why a pool was taken or left. Documented in the README; words are added, none is renamed. */
export type Reason =
  | 'idle'
  | 'online'
  | 'busy'
  | 'offline'
  | 'no-match'
  | 'group-not-visible'
  | 'unknown'
  | 'token-missing'
  | 'rate-limited'
  | 'untrusted'
  | 'error';

export interface Decision {
  decision: 'run' | 'skip' | 'fail';
  runsOn: RunsOn;
  pool: string;
  isSelfHosted: boolean;
  reason: Reason;
  source: Source;
  confidence: Confidence;
  /** One sentence for people. */
  sentence: string;
}

export type Policy = Pick<SelectInputs, 'labels' | 'fallback' | 'whenBusy' | 'minFree' | 'onUnknown'>;

/** Takes the pool or leaves it. Pure: the same facts give the same decision. */
export function decide(policy: Policy, trust: Trust, observation: Observation): Decision {
  const { source } = observation;
  if (!trust.trusted) {
    return leave(policy, { reason: 'untrusted', source: 'static', confidence: 'high', why: trust.why });
  }
  const verdict = judge(policy, observation);
  const confidence = observation.kind === 'seen' ? observation.confidence : 'low';
  if (!verdict.take) return leave(policy, { reason: verdict.reason, source, confidence, why: verdict.why });
  const [label = ''] = policy.labels;
  return {
    decision: 'run',
    runsOn: policy.labels.length === 1 ? label : [...policy.labels],
    pool: poolName(policy.labels),
    isSelfHosted: true,
    reason: verdict.reason,
    source,
    confidence,
    sentence: `Runs on ${policy.labels.join(', ')}: ${verdict.why}.`,
  };
}

/** The pool's name where no config gives one. */
export function poolName(labels: readonly string[]): string {
  return labels.join('+');
}

interface Verdict {
  take: boolean;
  reason: Reason;
  why: string;
}

function judge(policy: Policy, seen: Observation): Verdict {
  if (seen.kind === 'unknown') {
    const why = `nothing could be found out about the runners (${seen.detail})`;
    return { take: policy.onUnknown === 'use', reason: seen.reason, why };
  }
  const left = (reason: Reason, why: string): Verdict => ({ take: false, reason, why });
  if (seen.matching === 0 && seen.hidden > 0) {
    return left(
      'group-not-visible',
      'the runners with these labels are in a group that this repository may not use',
    );
  }
  if (seen.matching === 0) return left('no-match', 'no runner has all the labels');
  if (seen.online === 0)
    return left('offline', `${count(seen.matching, 'runner')} with these labels, none online`);
  const free = `${seen.free} of ${seen.online} online ${seen.online === 1 ? 'runner is' : 'runners are'} free`;
  if (policy.whenBusy === 'queue') {
    return { take: true, reason: seen.free > 0 ? 'idle' : 'online', why: free };
  }
  if (seen.free < policy.minFree) return left('busy', `${free}, at least ${policy.minFree} wanted`);
  return { take: true, reason: 'idle', why: free };
}

function leave(
  policy: Policy,
  why: { reason: Reason; source: Source; confidence: Confidence; why: string },
): Decision {
  const { fallback } = policy;
  const common = {
    pool: 'fallback',
    isSelfHosted: false,
    reason: why.reason,
    source: why.source,
    confidence: why.confidence,
  };
  if (fallback === 'fail' || fallback === 'skip') {
    const verb = fallback === 'fail' ? 'Fails' : 'Skips the job';
    return { ...common, decision: fallback, runsOn: '', sentence: `${verb}: ${why.why}.` };
  }
  if (why.reason === 'untrusted' && isDeclaredSelfHosted(fallback)) {
    const sentence = `Fails: ${why.why}, and the fallback is self-hosted too.`;
    return { ...common, decision: 'fail', runsOn: '', sentence };
  }
  const isSelfHosted = isDeclaredSelfHosted(fallback);
  return {
    ...common,
    decision: 'run',
    runsOn: fallback,
    isSelfHosted,
    sentence: `Runs on the fallback ${describe(fallback)}: ${why.why}.`,
  };
}

/** A `runs-on` for people. */
export function describe(runsOn: RunsOn): string {
  if (typeof runsOn === 'string') return runsOn;
  if (!('group' in runsOn)) return runsOn.join(', ');
  const labels = [runsOn.labels ?? []].flat();
  return `group ${runsOn.group}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
