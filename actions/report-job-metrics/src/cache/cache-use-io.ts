import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '@runner-actions/core';
import { cacheUseOf, type CacheUse, parseCacheReport } from './cache-use.ts';

/** Bytes of a report, and number of reports. */
const [maxBytes, maxReports] = [10 * 2 ** 20, 100];

/**
 * Reads what the steps of this job with `restore-local-cache` reported. In the post phase that includes all of them, since
 * post phases run in the reverse order of the steps.
 * @param temp the runner's temp folder, which it empties between jobs
 */
export function readCacheUse(temp: string): CacheUse | undefined {
  try {
    const folder = join(temp, 'runner-actions');
    const names = readdirSync(folder).filter((name) => /^restore-local-cache-\d+\.json$/.test(name));
    const texts = names.slice(0, maxReports).map((name) => readSmallFile(join(folder, name), maxBytes) ?? '');
    return cacheUseOf(texts.flatMap((text) => parseCacheReport(text) ?? []));
  } catch {
    return undefined;
  }
}
