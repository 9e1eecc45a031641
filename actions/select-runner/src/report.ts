import { codeSpan, escapeMarkdown, table, type Trust } from '@runner-actions/core';
import { type Decision, describe, poolName } from './decide.ts';
import type { Observation } from './observation.ts';
import { toJson } from './runs-on.ts';

/** All that was considered, as the output `report` has it. */
export interface Report {
  version: 1;
  decision: Decision['decision'];
  'runs-on': Decision['runsOn'];
  pool: string;
  'is-self-hosted': boolean;
  reason: Decision['reason'];
  source: Decision['source'];
  confidence: Decision['confidence'];
  sentence: string;
  trust: Trust;
  pools: { pool: string; labels: readonly string[]; taken: boolean; observation: Observation | null }[];
}

export interface Considered {
  labels: readonly string[];
  trust: Trust;
  /** `undefined`: nobody was asked, since the event is not trusted. */
  observation: Observation | undefined;
}

export function makeReport(decision: Decision, { labels, trust, observation }: Considered): Report {
  const { decision: verdict, runsOn, pool, isSelfHosted, reason, source, confidence, sentence } = decision;
  const pools = [
    {
      pool: poolName(labels),
      labels,
      taken: isSelfHosted && pool !== 'fallback',
      observation: observation ?? null,
    },
  ];
  const common = { reason, source, confidence, sentence, trust, pools };
  return {
    version: 1,
    decision: verdict,
    'runs-on': runsOn,
    pool,
    'is-self-hosted': isSelfHosted,
    ...common,
  };
}

/** The summary: one sentence and a table of what was considered. Counts only: a public log names no runner. */
export function renderSummary(decision: Decision, considered: Considered): string {
  const { labels, observation } = considered;
  const seen = observation?.kind === 'seen' ? observation : undefined;
  const numbers = seen === undefined ? ['–', '–', '–'] : [seen.matching, seen.online, seen.free].map(String);
  const taken = decision.pool === 'fallback' ? `left: ${decision.reason}` : `**taken**: ${decision.reason}`;
  const source = observation === undefined ? 'not asked' : `${observation.source}, ${decision.confidence}`;
  const fallback = decision.runsOn === '' ? decision.decision : describe(decision.runsOn);
  const rows = [[labels.map(codeSpan).join(' '), ...numbers, source, taken]];
  if (decision.pool === 'fallback')
    rows.push([`fallback: ${codeSpan(fallback)}`, '–', '–', '–', 'static', '**taken**']);
  const head = ['Pool', 'Matching', 'Online', 'Free', 'Source', 'Result'];
  return `### Runner: ${escapeMarkdown(decision.sentence)}\n\n${table(head, rows)}`;
}

/** What the outputs are called, and what they say. */
export function outputsOf(decision: Decision): Record<string, string> {
  return {
    decision: decision.decision,
    'runs-on': toJson(decision.runsOn),
    pool: decision.pool,
    'is-self-hosted': String(decision.isSelfHosted),
    reason: decision.reason,
    source: decision.source,
    confidence: decision.confidence,
  };
}
