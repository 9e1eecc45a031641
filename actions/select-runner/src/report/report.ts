import { codeSpan, escapeMarkdown, table, UserError } from '@runner-actions/core';
import type { Pool } from '../ask/pool.ts';
import { describe, toJson } from '../ask/runs-on.ts';
import type { Decision } from '../decide/decision.ts';
import { type Placement, sentenceOf } from '../decide/place.ts';
import type { Report } from './schema.ts';

type Row = Report['placements'][number];

export function makeReport(decision: Decision): Report {
  const placements = decision.placements.map(placementOf);
  const [first = nothing] = placements;
  const { wait, cost } = decision.estimates;
  return {
    version: 1,
    ...first,
    decision: outcomeOf(decision),
    'dry-run': decision.question.dryRun,
    trust: decision.trust,
    placements,
    pools: decision.question.pools.map((pool) => poolOf(pool, decision)),
    'waited-seconds': Math.round(decision.waitedMilliseconds / 1000),
    'api-calls': decision.calls,
    estimates: {
      wait: wait ?? null,
      cost: cost === undefined ? null : { ...cost, currency: decision.question.currency },
    },
  };
}

/** There were no jobs to place. */
const nothing: Row = {
  ...{ index: 0, decision: 'skip', 'runs-on': '', pool: '', 'is-self-hosted': false },
  ...{ reason: 'no-match', source: 'static', confidence: 'high', sentence: 'There are no jobs to place.' },
};

/** One that fails fails all; what is skipped is left out of the matrix, and with nothing left the answer is `skip`. */
export function outcomeOf({ placements }: Decision): Placement['decision'] {
  const decisions = placements.map(({ decision }) => decision);
  if (decisions.includes('fail')) return 'fail';
  return decisions.includes('run') ? 'run' : 'skip';
}

function placementOf(placement: Placement): Row {
  const { job, decision, runsOn, pool, verdict } = placement;
  return {
    index: job.index,
    decision,
    'runs-on': runsOn as Row['runs-on'],
    pool,
    'is-self-hosted': placement.isSelfHosted,
    reason: verdict.reason,
    source: verdict.source,
    confidence: verdict.confidence,
    sentence: sentenceOf(placement),
  };
}

function poolOf(pool: Pool, { facts, verdicts, placements }: Decision): Report['pools'][number] {
  const known = facts.get(pool.name);
  const verdict = verdicts.get(pool.name);
  const seen = known?.observation.kind === 'seen' ? known.observation : undefined;
  return {
    pool: pool.name,
    kind: pool.kind,
    labels: [...pool.labels],
    placed: placements.filter((placement) => placement.pool === pool.name).length,
    reason: verdict?.reason ?? null,
    why: verdict?.why ?? '',
    source: verdict?.source ?? null,
    confidence: verdict?.confidence ?? null,
    matching: seen?.matching ?? null,
    online: seen?.online ?? null,
    free: seen?.free ?? null,
    breaker: known?.breaker?.state ?? null,
  };
}

/** The summary: one sentence and a table of all pools. Counts only: a public log names no runner. */
export function renderSummary(decision: Decision): string {
  const report = makeReport(decision);
  const rows = report.pools.map((pool) => {
    const numbers = [pool.matching, pool.online, pool.free].map((number) =>
      number === null ? '–' : String(number),
    );
    const source = pool.source === null ? 'not asked' : `${pool.source}, ${pool.confidence}`;
    return [
      pool.labels.map(codeSpan).join(' ') || escapeMarkdown(pool.pool),
      ...numbers,
      source,
      resultOf(pool),
    ];
  });
  const rest = decision.placements.filter(({ pool }) => pool === 'fallback');
  if (rest.length > 0) {
    const fallback = rest[0]?.decision === 'run' ? describe(rest[0].runsOn) : (rest[0]?.decision ?? '');
    rows.push([
      `fallback: ${codeSpan(fallback)}`,
      '–',
      '–',
      '–',
      'static',
      `**taken**${times(rest.length, decision)}`,
    ]);
  }
  const head = ['Pool', 'Matching', 'Online', 'Free', 'Source', 'Result'];
  return `### Runner: ${escapeMarkdown(headline(decision))}\n\n${table(head, rows)}`;
}

function resultOf({ placed, reason, why }: Report['pools'][number]): string {
  if (placed > 0) return `**taken**${placed > 1 ? ` ×${placed}` : ''}: ${reason}`;
  if (reason === null) return 'not needed';
  return `left: ${reason}${why === '' ? '' : ` (${escapeMarkdown(why)})`}`;
}

function times(amount: number, { placements }: Decision): string {
  return placements.length > 1 ? ` ×${amount}` : '';
}

/** One sentence for people. */
export function headline({ placements, question: { dryRun } }: Decision): string {
  const [first] = placements;
  if (first === undefined) return nothing.sentence;
  const prefix = dryRun ? 'Dry run: ' : '';
  if (placements.length === 1) return prefix + sentenceOf(first);
  const pools = Map.groupBy(placements, ({ pool }) => pool);
  const shares = [...pools].map(([pool, own]) => `${own.length} on ${pool}`).join(', ');
  return `${prefix}${placements.length} jobs: ${shares}. The first ${sentenceOf(first).replace(/^\w/, (letter) => letter.toLowerCase())}`;
}

/** What the outputs are called, and what they say. The single ones are those of the first job. @throws UserError for a matrix that is too long */
export function outputsOf(decision: Decision): Record<string, string> {
  const { placements, estimates, question } = decision;
  const {
    'runs-on': runsOn,
    pool,
    'is-self-hosted': isOwn,
    reason,
    source,
    confidence,
  } = placements[0] ? placementOf(placements[0]) : nothing;
  const include = placements
    .filter(({ decision }) => decision === 'run')
    .map((placed) => ({
      ...placed.job.item,
      index: placed.job.index,
      pool: placed.pool,
      'runs-on': placed.runsOn,
    }));
  return {
    decision: outcomeOf(decision),
    'runs-on': toJson(placements[0]?.runsOn ?? ''),
    label: typeof runsOn === 'string' ? runsOn : '',
    pool,
    'is-self-hosted': String(isOwn),
    reason,
    source,
    confidence,
    matrix: matrixOf(include),
    'estimated-wait-seconds': estimates.wait === undefined ? '' : String(estimates.wait.median),
    'estimated-cost': estimates.cost === undefined ? '' : String(estimates.cost.amount),
    currency: estimates.cost === undefined ? '' : question.currency,
  };
}

/** A job's outputs may have 1 MB, counted in UTF-16. Source: GitHub's page "Passing information between jobs". */
const mostMatrix = 500_000;

/** @throws UserError when GitHub would not take it: the jobs that wait for it would have no matrix */
function matrixOf(include: readonly object[]): string {
  const matrix = JSON.stringify({ include });
  if (matrix.length <= mostMatrix) return matrix;
  throw new UserError(
    `Output 'matrix' would have ${matrix.length} characters for ${include.length} jobs, and GitHub takes at most ${mostMatrix}. Keep what is long out of 'jobs', and look it up in the job.`,
  );
}
