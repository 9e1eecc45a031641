/**
 * What one experiment saw: names and short texts of this check itself, never values of others. A step prints it as a
 * line of its log. A post can set no output and upload no file, but it can write to the log.
 */
export interface LiveRecord {
  /** Unique in its job. */
  experiment: string;
  [fact: string]: string | string[];
}

export const marker = 'live-check ';

/**
 * Finds the records in the log of a job. The runner also logs scripts before it runs them, so a line may hold the
 * marker and no JSON. What is not a record is left out: the comparison then misses it, and says so.
 */
export function recordsIn(log: string): LiveRecord[] {
  return log.split(/\r?\n/).flatMap((line) => {
    const start = line.indexOf(`${marker}{`);
    if (start < 0) return [];
    try {
      const value: unknown = JSON.parse(line.slice(start + marker.length));
      return isRecord(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

function isRecord(value: unknown): value is LiveRecord {
  const facts: unknown[] = Object.values(value as object);
  const isText = (fact: unknown): boolean => typeof fact === 'string';
  return (
    isText((value as LiveRecord).experiment) &&
    facts.every((fact) => isText(fact) || (Array.isArray(fact) && fact.every(isText)))
  );
}
