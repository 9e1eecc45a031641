/** A file of the runner's `_diag`. */
export interface DiagnosticFile {
  name: string;
  /** Time of the last change, in milliseconds since 1970. */
  changed: number;
  whyKept: string | undefined;
}

/**
 * Kinds of logs by the starts of their names. Files of other kinds, such as `.telemetry`, stay. Source:
 * actions/runner, HostTraceListener.cs, SelfUpdater.cs, Checks/*.cs.
 */
const logForm =
  /^(Runner|Worker|SelfUpdate|ActionsCheck|GitCheck|InternetCheck|NodeJsCheck)[_-](\d{8}-\d{6})(?:-utc)?\.log(?:\.\w{1,20})?$/;

/** Forms of the names in `pages` and `blocks`. Source: actions/runner, Logging.cs. */
const pageForm = /^[\da-f-]{36}_[\da-f-]{36}(?:_\d{1,9}\.log|\.\d{1,9})$/i;

/** Milliseconds before this job. The listener may still send the pages of a job that has just ended. */
const sendingTime = 3_600_000;

type Verdict = Pick<DiagnosticFile, 'name'> & { action: 'remove' | 'keep'; why: string };

/**
 * Decides which logs may go. Of each kind, the newest one stays, and the newest one of the time before this job: the
 * runner sends both when somebody debugs the job. Source: actions/runner, DiagnosticLogManager.cs.
 * @param limit logs that have changed since then stay
 * @param jobStart `undefined` if it is not known; then only `limit` counts
 */
export function judgeLogs(
  files: readonly DiagnosticFile[],
  limit: number,
  jobStart: number | undefined,
): Verdict[] {
  const logs = files.flatMap((file) => {
    const [, kind, time] = logForm.exec(file.name) ?? [];
    return kind === undefined || time === undefined ? [] : [{ ...file, kind, time }];
  });
  const newest = new Set<string>();
  for (const kind of new Set(logs.map((log) => log.kind))) {
    const own = logs.filter((log) => log.kind === kind);
    const earlier = own.filter(({ changed }) => changed < (jobStart ?? Infinity));
    for (const group of [own, earlier]) {
      newest.add(lastBy(group, ({ time }) => time)?.name ?? '');
      newest.add(lastBy(group, ({ changed }) => changed)?.name ?? '');
    }
  }
  return logs.map(({ name, changed, whyKept }): Verdict => {
    if (whyKept !== undefined) return { name, action: 'keep', why: whyKept };
    if (newest.has(name)) return { name, action: 'keep', why: 'the newest of its kind' };
    if (changed >= Math.min(limit, jobStart ?? Infinity))
      return { name, action: 'keep', why: 'not old enough' };
    return { name, action: 'remove', why: 'an old log of the runner' };
  });
}

function lastBy<T>(items: readonly T[], key: (item: T) => string | number): T | undefined {
  return items.reduce<T | undefined>(
    (last, item) => (last === undefined || key(item) > key(last) ? item : last),
    undefined,
  );
}

/**
 * Decides which pages of step logs may go. A worker deletes each page after it has sent it, and creates its own with
 * new names, so what is older than its job is left by a worker that was killed.
 * @param jobStart of the job of this runner that is running; `undefined` if it is not known
 * @param isIdle whether the runner runs no job
 */
export function judgePages(
  files: readonly DiagnosticFile[],
  now: number,
  jobStart: number | undefined,
  isIdle: boolean,
): Verdict[] {
  const limit = isIdle ? now : jobStart;
  return files
    .filter(({ name }) => pageForm.test(name))
    .map(({ name, changed, whyKept }): Verdict => {
      if (whyKept !== undefined) return { name, action: 'keep', why: whyKept };
      if (limit === undefined)
        return { name, action: 'keep', why: 'a job of this runner is running, and its start is not known' };
      if (changed >= limit - sendingTime)
        return { name, action: 'keep', why: 'the runner may still need it' };
      return { name, action: 'remove', why: 'a page of a log that was left by an earlier job' };
    });
}
