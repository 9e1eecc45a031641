/** A line that act prints with `--json`. Source: act 0.2.89, logger.go and job_executor.go. */
export interface Entry {
  level?: string;
  msg?: string;
  /** Names of the workflow and the job, padded with blanks. */
  job?: string;
  jobID?: string;
  matrix?: Record<string, unknown> | null;
  step?: string;
  stage?: string;
  stepResult?: string;
  jobResult?: string;
  command?: string;
  arg?: string;
  kvPairs?: Record<string, string> | null;
  raw_output?: boolean;
}

/** What the log says about a job. */
export interface LoggedJob {
  name: string;
  id: string;
  matrix: Record<string, unknown>;
  /** Whether it is a job of the user's workflow, and not of one that this calls. */
  isTop: boolean;
  /** Whether its steps started. */
  started: boolean;
  /** `success`, `failure` or `skipped`; `undefined` if act did not say. */
  result: string | undefined;
  /** The labels, if an expression computed them or act has no machine for them. */
  labels: string[] | undefined;
  failedSteps: string[];
  /** Why act could not try it: no Docker, or an action that it cannot download. */
  obstacle: string | undefined;
}

export interface RunLog {
  /** Jobs in the order in which act named them. */
  jobs: LoggedJob[];
  /** What act said outside of jobs: its own errors. */
  errors: string[];
}

/**
 * Returns the lines to show for one line of act, and adds what it says to the log.
 * @param workflow name of the user's workflow, which act puts before each job
 */
export function readLine(line: string, log: RunLog, workflow: string): string[] {
  const entry = parseEntry(line);
  if (entry === undefined) {
    const text = line.replace(/^Error: /, '').trim();
    // The results of jobs say that a job failed. A line with a time is from before act reads `--json`.
    const isKnown = /^Job '.*' failed$/.test(text) || /^time="[^"]*" level=(?:debug|info|warning)/.test(text);
    if (text !== '' && !isKnown) log.errors.push(text);
    return [];
  }
  if (entry.job === undefined) {
    const { level, msg = '' } = entry;
    const isError = level === 'error' || level === 'fatal';
    // This is among the limits that the report names.
    if (isError && !/^Failed to parse '(?:fail-fast|max-parallel)' option/.test(msg)) log.errors.push(msg);
    return [];
  }
  const job = jobOf(entry, log, workflow);
  note(entry, job);
  return show(entry).map((text) => `${job.name} | ${text}`);
}

function parseEntry(line: string): Entry | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

function jobOf(entry: Entry, log: RunLog, workflow: string): LoggedJob {
  const full = (entry.job ?? '').trim();
  const isTop = full.startsWith(`${workflow}/`);
  // act numbers the cells of a job with an empty name.
  const name = isTop
    ? full.slice(workflow.length + 1)
    : full.replaceAll(/(^|\/)-(\d+)(?=\/|$)/g, '$1cell $2');
  const matrix = entry.matrix ?? {};
  const id = entry.jobID ?? '';
  let job = log.jobs.find((one) => one.name === name && one.id === id);
  if (job === undefined) {
    job = {
      name,
      id,
      matrix,
      isTop,
      obstacle: undefined,
      started: false,
      result: undefined,
      labels: undefined,
      failedSteps: [],
    };
    log.jobs.push(job);
  }
  return job;
}

function note(entry: Entry, job: LoggedJob): void {
  const { msg = '', step, stage, stepResult, jobResult } = entry;
  if (jobResult !== undefined) job.result = jobResult;
  if (step === 'Set up job') job.started = true;
  if (stepResult === 'failure' && step !== undefined) job.failedSteps.push(nameOf(stage, step));
  if (entry.level === 'error' && (step === 'Set up job' || msg.startsWith('failed to fetch')))
    job.obstacle ??= msg.split('\n', 1)[0] ?? msg;
  if (job.started || entry.level !== 'debug') {
    const missing = /Try running with `-P (.*)=\.\.\.`/.exec(msg)?.[1];
    if (missing !== undefined && !(job.labels ?? []).includes(missing))
      job.labels = [...(job.labels ?? []), missing];
    return;
  }
  const labels = evaluatedTexts(msg);
  if (labels !== undefined) job.labels = labels;
}

/**
 * Returns the texts to which an expression evaluated. Before a job starts, act evaluates its condition, which is no
 * text, and then `runs-on`. Source: act 0.2.89, `isEnabled` in run_context.go.
 */
function evaluatedTexts(msg: string): string[] | undefined {
  const value = /^expression '[^]*' evaluated to '([^]*)'$/.exec(msg)?.[1];
  if (value === undefined || !value.includes('%!t(string=')) return undefined;
  return [...value.matchAll(/%!t\(string=([^)]*)\)/g)].map(([, text = '']) => text);
}

const annotations = ['error', 'warning', 'notice'];

function show(entry: Entry): string[] {
  const {
    level,
    msg = '',
    stage,
    step = '',
    stepResult,
    command,
    raw_output: isOutput,
    arg = '',
    kvPairs,
  } = entry;
  if (level === 'debug' || /LocalRepositoryCache/.test(msg)) return [];
  if (isOutput === true) return [`  ${msg.replace(/\r?\n$/, '')}`];
  if (command !== undefined && annotations.includes(command)) {
    const { file, line } = kvPairs ?? {};
    const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}:`;
    return [`  ${command}:${place} ${arg.replaceAll('\n', '\n    ')}`];
  }
  if (command !== undefined) return [];
  if (stepResult === 'failure') return [`✗ ${nameOf(stage, step)}`];
  if (stepResult !== undefined) return [];
  if (msg.startsWith('⭐') && stage !== undefined && stage !== 'Pre') return [`▸ ${nameOf(stage, step)}`];
  if (level === 'error')
    return msg
      .trim()
      .split('\n')
      .map((text) => `  ${text}`);
  return [];
}

function nameOf(stage: string | undefined, step: string): string {
  const first = step.split('\n', 1)[0] ?? '';
  return stage === undefined || stage === 'Main' ? first : `${stage.toLowerCase()}: ${first}`;
}
