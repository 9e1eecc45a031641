import { days } from './ground.ts';

/** What a mapping of the runner says: a repository of GitHub, its folder in `_work`, and the last job there. */
export interface Mapping {
  /** `owner/name`. */
  repository: string;
  /** The folder; `undefined` if the mapping cannot be read. Then the folder is probably named as the repository. */
  folder: string | undefined;
  /** Milliseconds since 1970; `undefined` if the mapping cannot be read. */
  lastRun: number | undefined;
}

/** A folder of a repository in `_work`. */
export interface RepositoryFolder {
  name: string;
  mappings: readonly Mapping[];
  /** The newest change in it, for a folder without a mapping; a text if it is not known, with the reason. */
  changed: number | string | undefined;
  /** Why it stays in any case. */
  whyKept: string | undefined;
}

/**
 * Parses a time as .NET writes a `DateTimeOffset` for the invariant culture: `08/17/2026 14:15:44 +01:00`. The runner
 * writes `LastRunOn` so. Source: actions/runner, TrackingConfig.cs; .NET, "Standard date and time format strings", G.
 * @returns milliseconds since 1970; `undefined` for another form, or for a day that does not exist
 */
export function parseInvariantTime(text: string): number | undefined {
  const form = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d):(\d\d)$/;
  const [, month, day, year, hour, minute, second, sign, zoneHours, zoneMinutes] = form.exec(text) ?? [];
  if (month === undefined) return undefined;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = Date.parse(`${local}Z`);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(local)) return undefined;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return time - (sign === '-' ? -zone : zone);
}

/**
 * Reads a mapping of the runner, `_PipelineMapping/OWNER/NAME/PipelineFolder.json`. Of the times in it, the newest
 * counts.
 * @param text `undefined` if the file cannot be read
 */
export function parseMapping(repository: string, text: string | undefined): Mapping {
  const unreadable = { repository, folder: undefined, lastRun: undefined };
  try {
    const value: unknown = JSON.parse((text ?? '').replace(/^\uFEFF/, ''));
    const folder = fieldOf(value, 'pipelineDirectory');
    const repositories = fieldOf(value, 'repositories') ?? {};
    if (typeof folder !== 'string' || !/^[\w.-]{1,255}$/.test(folder) || /^\.{1,2}$/.test(folder))
      return unreadable;
    const texts = [value, ...Object.values(repositories as object)].map((part) => fieldOf(part, 'lastRunOn'));
    const times = texts
      .filter((time) => time !== undefined && time !== '')
      .map((time) => (typeof time === 'string' ? parseInvariantTime(time) : undefined));
    if (times.length === 0 || times.includes(undefined)) return unreadable;
    return { repository, folder, lastRun: Math.max(...times.map(Number)) };
  } catch {
    return unreadable;
  }
}

/** Returns a field. The runner writes names that begin with a small letter, but reads any case, as Newtonsoft.Json. */
function fieldOf(value: unknown, name: string): unknown {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Returns the mappings that lead to a folder, or that may do so because they cannot be read. */
export function mappingsOf(name: string, mappings: readonly Mapping[]): Mapping[] {
  const key = name.toLowerCase();
  return mappings.filter(
    ({ folder, repository }) => (folder ?? repository.split('/')[1])?.toLowerCase() === key,
  );
}

/**
 * Decides whether the folder of a repository may go. Repositories of two owners share a folder if they have the same
 * name, so the newest of all mappings counts.
 */
export function judgeRepository(
  { mappings, changed, whyKept }: RepositoryFolder,
  now: number,
  maxAge: number,
): { action: 'remove' | 'keep'; why: string } {
  const keep = (why: string) => ({ action: 'keep' as const, why });
  if (whyKept !== undefined) return keep(whyKept);
  const corrupt = mappings.find(({ lastRun }) => lastRun === undefined);
  if (corrupt !== undefined) return keep(`the runner's mapping of ${corrupt.repository} cannot be read`);
  const last = mappings.length > 0 ? Math.max(...mappings.map(({ lastRun = now }) => lastRun)) : changed;
  if (typeof last !== 'number')
    return keep(`it is not known when it was used: ${last ?? 'it was not looked at'}`);
  const age = now - last;
  const what = mappings.length > 0 ? 'its last job began' : 'it has no mapping, and its last change was';
  if (age <= maxAge) return keep(`${what} ${days(Math.max(0, age))} ago`);
  return { action: 'remove', why: `${what} ${days(age)} ago` };
}
