import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '@runner-actions/core';
import { cacheUseOf, type CacheUse, parseCacheReport } from './cache-use.ts';

/** Bytes of a report, and number of reports. A job can write them too, and they are read while it waits. */
const [maxBytes, maxReports] = [256 * 1024, 50];

/**
 * Reads what the steps of this job with `restore-local-cache` reported. In the post phase that includes all of them, since
 * post phases run in the reverse order of the steps.
 * @param temp the runner's temp folder, which it empties between jobs
 */
export function readCacheUse(temp: string): CacheUse | undefined {
  try {
    const folder = join(temp, 'runner-actions');
    const names = readdirSync(folder).filter((name) => /^restore-local-cache-\d+\.json$/.test(name));
    const read = (name: string) => parseCacheReport(readSmallFile(join(folder, name), maxBytes) ?? '');
    return cacheUseOf(names.slice(0, maxReports).flatMap((name) => read(name) ?? []));
  } catch {
    return undefined;
  }
}
