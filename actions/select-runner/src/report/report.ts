import { codeSpan, escapeMarkdown, table, UserError } from '@runner-actions/core';
import { isSelfHosted, type Pool } from '../ask/pool.ts';
import { describe, toJson } from '../ask/runs-on.ts';
import type { Considered } from '../consider.ts';
import type { Estimates } from '../decide/estimates.ts';
import { type Placement, sentenceOf } from '../decide/place.ts';
import type { Report } from './schema.ts';

/** All that is told, in whatever form. */
export interface Told extends Considered {
  dryRun: boolean;
  estimates: Estimates;
  currency: string;
}

type Placed = Report['placements'][number];

export function makeReport(told: Told): Report {
  const placements = told.placements.map(placementOf);
  const [first = nothing] = placements;
  const { wait, cost } = told.estimates;
  return {
    version: 1,
    ...first,
    decision: decisionOf(told.placements),
    'dry-run': told.dryRun,
    trust: told.trust,
    placements,
    pools: told.question.pools.map((pool) => poolOf(pool, told)),
    'waited-seconds': Math.round(told.waitedMilliseconds / 1000),
    'api-calls': told.calls,
    estimates: { wait: wait ?? null, cost: cost === undefined ? null : { ...cost, currency: told.currency } },
  };
}

/** There were no jobs to place. */
const nothing: Placed = {
  ...{ index: 0, decision: 'skip', 'runs-on': '', pool: '', 'is-self-hosted': false },
  ...{ reason: 'no-match', source: 'static', confidence: 'high', sentence: 'There are no jobs to place.' },
};

/** One that fails fails all; what is skipped is left out of the matrix, and with nothing left the answer is `skip`. */
export function decisionOf(placements: readonly Placement[]): Placement['decision'] {
  const decisions = placements.map(({ decision }) => decision);
  if (decisions.includes('fail')) return 'fail';
  return decisions.includes('run') ? 'run' : 'skip';
}

function placementOf(placement: Placement): Placed {
  const { job, decision, runsOn, pool, verdict } = placement;
  return {
    index: job.index,
    decision,
    'runs-on': runsOn as Placed['runs-on'],
    pool,
    'is-self-hosted': placement.isSelfHosted,
    reason: verdict.reason,
    source: verdict.source,
    confidence: verdict.confidence,
    sentence: sentenceOf(placement),
  };
}

function poolOf(pool: Pool, { facts, verdicts, placements }: Told): Report['pools'][number] {
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
export function renderSummary(told: Told): string {
  const report = makeReport(told);
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
  const rest = told.placements.filter(({ pool }) => pool === 'fallback');
  if (rest.length > 0) {
    const fallback = rest[0]?.decision === 'run' ? describe(rest[0].runsOn) : (rest[0]?.decision ?? '');
    rows.push([
      `fallback: ${codeSpan(fallback)}`,
      '–',
      '–',
      '–',
      'static',
      `**taken**${times(rest.length, told)}`,
    ]);
  }
  const head = ['Pool', 'Matching', 'Online', 'Free', 'Source', 'Result'];
  return `### Runner: ${escapeMarkdown(headline(told))}\n\n${table(head, rows)}`;
}

function resultOf({ placed, reason, why }: Report['pools'][number]): string {
  if (placed > 0) return `**taken**${placed > 1 ? ` ×${placed}` : ''}: ${reason}`;
  if (reason === null) return 'not needed';
  return `left: ${reason}${why === '' ? '' : ` (${escapeMarkdown(why)})`}`;
}

function times(amount: number, { placements }: Told): string {
  return placements.length > 1 ? ` ×${amount}` : '';
}

/** One sentence for people. */
export function headline({ placements, dryRun }: Pick<Told, 'placements' | 'dryRun'>): string {
  const [first] = placements;
  if (first === undefined) return nothing.sentence;
  const prefix = dryRun ? 'Dry run: ' : '';
  if (placements.length === 1) return prefix + sentenceOf(first);
  const pools = Map.groupBy(placements, ({ pool }) => pool);
  const shares = [...pools].map(([pool, own]) => `${own.length} on ${pool}`).join(', ');
  return `${prefix}${placements.length} jobs: ${shares}. The first ${sentenceOf(first).replace(/^\w/, (letter) => letter.toLowerCase())}`;
}

/** What the outputs are called, and what they say. The single ones are those of the first job. @throws UserError for a matrix that is too long */
export function outputsOf(
  placements: readonly Placement[],
  estimates: Estimates,
  currency: string,
): Record<string, string> {
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
    decision: decisionOf(placements),
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
    currency: estimates.cost === undefined ? '' : currency,
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

/** Whether a pool's costs are this machine park's own. */
export function costOf(pools: readonly Pool[], { pool }: Pick<Placement, 'pool'>): number | undefined {
  const found = pools.find(({ name }) => name === pool);
  return found !== undefined && (isSelfHosted(found) || found.costPerHour !== undefined)
    ? found.costPerHour
    : undefined;
}
