import type { LoggedJob, RunLog } from './log.ts';
import { type Cells, groupOf, labelsOfCell, literalLabels, placeOf } from './placement.ts';
import type { Job, Workflow } from './workflow.ts';
import type { World } from './world.ts';

/** A line of the table at the end. */
export interface Row {
  job: string;
  place: string;
  result: 'success' | 'failure' | 'failure, allowed' | 'skipped' | 'would wait' | 'not tried' | 'not run';
  /** Why, for results other than success. */
  why: string;
}

interface Facts {
  workflow: Workflow;
  /** Ids of the jobs that should run. */
  ids: readonly string[];
  world: World;
  cells: Cells;
  /** The workflows that are called and known, for labels that they write out. */
  called: readonly Workflow[];
}

/** Returns a row for each job that act named, and for each job and cell that it did not run. */
export function rowsOf(log: RunLog, facts: Facts): Row[] {
  const { ids, cells, world } = facts;
  // A job that calls a workflow is shown by the jobs of that workflow.
  const callers = callersOf(log.jobs);
  const shown = log.jobs.filter((job) => !callers.has(job) && !isSkippedPart(job, log.jobs));
  const rows = shown.map((job) => rowOf(job, facts));
  const leftOut = cells.leftOut.map(({ job, labels }): Row => {
    const place = placeOf(labels, world);
    return { job: `${job} (${labels.join(', ')})`, place: place.where, ...unplaced(place.kind) };
  });
  const isNamed = (id: string): boolean =>
    cells.leftOut.some(({ job }) => job === id) || log.jobs.some((job) => job.isTop && job.id === id);
  const isStopped = rows.some(({ result }) => result === 'failure' || result === 'not tried');
  const why = isStopped
    ? 'act starts no more jobs after a call or a download that failed; GitHub might'
    : 'act does not say why';
  const silent = ids
    .filter((id) => !isNamed(id))
    .map((id): Row => ({ job: id, place: '', result: 'not run', why }));
  return [...rows, ...leftOut, ...silent];
}

/** Returns the jobs that call a workflow. act names a job of it after its caller: `caller/workflow/job`. */
function callersOf(jobs: readonly LoggedJob[]): Set<LoggedJob> {
  const prefixes = jobs
    .filter(({ isTop }) => !isTop)
    .flatMap(({ name }) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index)));
  return new Set(
    jobs.filter(({ name }) => prefixes.some((prefix) => name === prefix || name.endsWith(`/${prefix}`))),
  );
}

/** Returns whether a job of a called workflow is skipped, while another job of it is not. Such a job says nothing. */
function isSkippedPart(job: LoggedJob, jobs: readonly LoggedJob[]): boolean {
  const prefix = job.name.slice(0, job.name.lastIndexOf('/') + 1);
  const isSkipped = ({ result, started }: LoggedJob): boolean => result === 'skipped' && !started;
  return !job.isTop && isSkipped(job) && jobs.some((one) => one.name.startsWith(prefix) && !isSkipped(one));
}

/** Returns the name of a job. As on GitHub, it has the values of the cell, unless it is an expression. */
function nameOf({ name, matrix }: LoggedJob, own: Job | undefined): string {
  const values = Object.values(matrix).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  if (values.length === 0) return name;
  const plain = name.replace(/-\d+$/, '');
  return String(own?.['name']).includes('${{') ? plain : `${plain} (${values.join(', ')})`;
}

function rowOf(job: LoggedJob, facts: Facts): Row {
  const own = job.isTop ? facts.workflow.jobs[job.id] : undefined;
  const name = nameOf(job, own);
  if (job.result === 'skipped' && !job.started)
    return { job: name, place: '', result: 'skipped', why: 'its condition, or a job that it needs' };
  if (own?.uses !== undefined)
    return { job: name, place: '', result: 'not tried', why: `act could not start ${own.uses}` };
  const labels = labelsOf(job, facts);
  const group = groupOf(own);
  const place = group !== undefined || labels === undefined ? undefined : placeOf(labels, facts.world);
  const where = place?.where ?? (group === undefined ? 'not known' : `a runner of the group ${group}`);
  if (!job.started && (place?.kind === 'waits' || place?.kind === 'foreign'))
    return { job: name, place: where, ...unplaced(place.kind) };
  if (job.obstacle !== undefined)
    return { job: name, place: where, result: 'not tried', why: short(job.obstacle) };
  if (job.result === 'failure') {
    const why = job.failedSteps.length > 0 ? job.failedSteps.join('; ') : 'see above';
    const isAllowed = own?.['continue-on-error'] === true;
    return { job: name, place: where, result: isAllowed ? 'failure, allowed' : 'failure', why };
  }
  if (place?.kind === 'waits')
    return { job: name, place: where, result: 'would wait', why: 'its steps ran here all the same' };
  if (job.result === 'success') return { job: name, place: where, result: 'success', why: '' };
  return { job: name, place: where, result: 'not run', why: 'act did not finish it' };
}

function short(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function unplaced(kind: string): Pick<Row, 'result' | 'why'> {
  return kind === 'foreign'
    ? { result: 'not tried', why: 'it needs another operating system than this machine has' }
    : { result: 'would wait', why: 'on GitHub, until a runner with these labels is online' };
}

/** Returns the labels of a job; `undefined` if they are not known. */
function labelsOf(job: LoggedJob, { workflow, called }: Facts): string[] | undefined {
  if (job.isTop) {
    const own = workflow.jobs[job.id];
    const known =
      own === undefined ? undefined : (literalLabels(own['runs-on']) ?? labelsOfCell(own, job.matrix));
    if (known !== undefined) return known;
  }
  if (job.labels !== undefined) return job.labels;
  // Several called workflows can have a job of this name, with other labels.
  const written = called
    .filter(({ jobs }) => jobs[job.id] !== undefined)
    .map(({ jobs }) => literalLabels(jobs[job.id]?.['runs-on']));
  return written.length === 1 ? written[0] : undefined;
}

/**
 * Returns the exit status: 0 if GitHub would show a green run, 1 if it would not, 3 if that cannot be tried here.
 */
export function statusOf(rows: readonly Row[]): number {
  const has = (...results: Row['result'][]): boolean => rows.some(({ result }) => results.includes(result));
  if (has('failure', 'would wait')) return 1;
  return has('not tried', 'not run') ? 3 : 0;
}

/** Formats the rows as a table. */
export function formatTable(rows: readonly Row[]): string[] {
  const titles = { job: 'job', place: 'placed on', result: 'result', why: '' };
  const all = [titles, ...rows];
  const width = (key: 'job' | 'place' | 'result'): number => Math.max(...all.map((row) => row[key].length));
  const [job, place, result] = [width('job'), width('place'), width('result')];
  return all.map((row) =>
    `${row.job.padEnd(job)}  ${row.place.padEnd(place)}  ${row.result.padEnd(result)}  ${row.why}`.trimEnd(),
  );
}
