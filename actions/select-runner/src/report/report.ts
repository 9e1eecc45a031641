import { codeSpan, escapeMarkdown, table, UserError } from '@runner-actions/core';
import type { Pool } from '../request/pool.ts';
import { describeRunsOn, toJson } from '../request/runs-on.ts';
import type { Decision } from '../decide/decision.ts';
import { type Placement, sentenceOf } from '../decide/placement.ts';
import { fallbackOf, fellBack } from './fallback.ts';
import type { Report } from './schema.ts';

type Row = Report['placements'][number];

export function makeReport(decision: Decision): Report {
  const placements = decision.placements.map(placementRow);
  const [first = noJobs] = placements;
  const { wait, cost } = decision.estimates;
  return {
    version: 1,
    ...first,
    decision: outcomeOf(decision),
    'dry-run': decision.request.dryRun,
    trust: decision.trust,
    placements,
    pools: decision.request.pools.map((pool) => poolRow(pool, decision)),
    'waited-seconds': Math.round(decision.waitedMilliseconds / 1000),
    'api-calls': decision.calls,
    estimates: {
      wait: wait ?? null,
      cost: cost === undefined ? null : { ...cost, currency: decision.request.currency },
    },
  };
}

/** The row for a request without jobs. */
const noJobs: Row = {
  ...{ index: 0, decision: 'skip', 'runs-on': '', pool: '', 'is-self-hosted': false },
  ...{ reason: 'no-match', source: 'static', confidence: 'high', sentence: 'There are no jobs to place.' },
};

/** Combines the decisions: `fail` if any job fails, otherwise `run` if any job runs, otherwise `skip`. */
export function outcomeOf({ placements }: Decision): Placement['decision'] {
  const decisions = placements.map(({ decision }) => decision);
  if (decisions.includes('fail')) return 'fail';
  return decisions.includes('run') ? 'run' : 'skip';
}

function placementRow(placement: Placement): Row {
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

function poolRow(pool: Pool, { facts, verdicts, placements }: Decision): Report['pools'][number] {
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

/**
 * Renders one sentence and a table of all pools. Shows counts only, because logs may be public: no names of runners.
 */
export function renderSummary(decision: Decision): string {
  const report = makeReport(decision);
  const rows = report.pools.map((pool) => {
    const numbers = [pool.matching, pool.online, pool.free].map((number) =>
      number === null ? '–' : String(number),
    );
    const source = pool.source === null ? 'not checked' : `${pool.source}, ${pool.confidence}`;
    return [
      pool.labels.map(codeSpan).join(' ') || escapeMarkdown(pool.pool),
      ...numbers,
      source,
      resultOf(pool),
    ];
  });
  const rest = decision.placements.filter(({ pool }) => pool === 'fallback');
  if (rest.length > 0) {
    const fallback = rest[0]?.decision === 'run' ? describeRunsOn(rest[0].runsOn) : (rest[0]?.decision ?? '');
    rows.push([
      `fallback: ${codeSpan(fallback)}`,
      '–',
      '–',
      '–',
      'static',
      `**used**${times(rest.length, decision)}`,
    ]);
  }
  const head = ['Pool', 'Matching', 'Online', 'Free', 'Source', 'Result'];
  return `### Runner: ${escapeMarkdown(headline(decision))}\n\n${table(head, rows)}`;
}

function resultOf({ placed, reason, why }: Report['pools'][number]): string {
  if (placed > 0) return `**used**${placed > 1 ? ` ×${placed}` : ''}: ${reason}`;
  if (reason === null) return 'not needed';
  return `not used: ${reason}${why === '' ? '' : ` (${escapeMarkdown(why)})`}`;
}

function times(amount: number, { placements }: Decision): string {
  return placements.length > 1 ? ` ×${amount}` : '';
}

/** Describes the decision in one or two sentences for users. */
export function headline({ placements, request: { dryRun } }: Decision): string {
  const [first] = placements;
  if (first === undefined) return noJobs.sentence;
  const prefix = dryRun ? 'Dry run: ' : '';
  if (placements.length === 1) return prefix + sentenceOf(first);
  const pools = Map.groupBy(placements, ({ pool }) => pool);
  const shares = [...pools].map(([pool, own]) => `${own.length} on ${pool}`).join(', ');
  return `${prefix}${placements.length} jobs: ${shares}. The first ${sentenceOf(first).replace(/^\w/, (letter) => letter.toLowerCase())}`;
}

/**
 * Returns the outputs by name. Outputs about one job describe the first job.
 * @throws UserError for a matrix that is too long
 */
export function outputsOf(decision: Decision): Record<string, string> {
  const { placements, estimates, request } = decision;
  const {
    'runs-on': runsOn,
    pool,
    'is-self-hosted': isOwn,
    reason,
    source,
    confidence,
  } = placements[0] ? placementRow(placements[0]) : noJobs;
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
    currency: estimates.cost === undefined ? '' : request.currency,
    fallback: fallbackOf(decision),
    'fell-back': String(fellBack(decision)),
  };
}

/** The outputs of a job may have 1 MB, counted in UTF-16. Source: GitHub's page "Passing information between jobs". */
const maxMatrixLength = 500_000;

/** @throws UserError if the matrix is too long for GitHub: the jobs that need it would have no matrix */
function matrixOf(include: readonly object[]): string {
  const matrix = JSON.stringify({ include });
  if (matrix.length <= maxMatrixLength) return matrix;
  throw new UserError(
    `Output 'matrix' would have ${matrix.length} characters for ${include.length} jobs, and GitHub takes at most ${maxMatrixLength}. Leave long values out of 'jobs', and look them up in the job.`,
  );
}
