import { createHash } from 'node:crypto';
import type { Deadline, Step } from '@runner-actions/core';
import { decompress } from '../archive.ts';
import type { Fetched, Level, Offer, Wanted } from '../level.ts';
import { type CachePlan, surroundings } from '../plan.ts';
import type { Workbench } from '../workbench.ts';
import { download } from './http.ts';
import { type CacheService, openService } from './service.ts';
import { readTar } from './tar.ts';

const methods = { 'zstd-without-long': 'zstd', gzip: 'gzip' } as const;

/**
 * GitHub's cache with the archives of `actions/cache`: entries of both exchange. Restoring is done here, checked and beside the
 * target; saving by `@actions/cache` itself, with the machine's `tar` and `zstd`.
 */
export function openActionsCache(step: Step, plan: CachePlan, bench: Workbench): Level | undefined {
  const service = openService(step.job.environment, step.job.serverUrl);
  if (service === undefined) return undefined;
  const around = surroundings(plan, step.job);
  const { paths, crossOs } = plan.inputs;
  const versionFor = (method: string) => versionOfActionsCache(paths, method, crossOs, step.job.runner.os);
  return {
    name: 'github',
    title: 'GitHub’s cache',
    async find(wanted, deadline) {
      const offers = await Promise.all(
        Object.entries(methods).map(async ([name, method]) => {
          const found = await ask(service, wanted, versionFor(name), deadline);
          return found === undefined ? undefined : { ...found, method };
        }),
      );
      const there = offers.filter((offer) => offer !== undefined);
      const best = there.find(({ key }) => key === wanted.key) ?? there[0];
      if (best === undefined) return undefined;
      const fetch = async (folder: string, within: Deadline): Promise<Fetched> => {
        const stream = decompress(download(best.url, within), best.method);
        const places = await readTar(stream, folder, {
          paths,
          around,
          limits: bench.unpack.limits,
          tick: bench.tick,
        });
        return { trees: places.map((place) => ({ place })) };
      };
      return { key: best.key, fetch } satisfies Offer;
    },
    async save({ metadata }, deadline) {
      const { key } = metadata;
      for (const name of Object.keys(methods)) {
        const found = await ask(service, { key, restoreKeys: [] }, versionFor(name), deadline);
        if (found?.key === key) return 'exists';
      }
      const cache = await import('@actions/cache');
      const saved = cache.saveCache([...paths], key, undefined, crossOs);
      const late = new Promise<never>((_resolve, reject) => {
        deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason as Error), {
          once: true,
        });
      });
      if ((await Promise.race([saved, late])) === -1)
        throw new Error('@actions/cache did not save, see above');
      return 'saved';
    },
  };
}

function ask(service: CacheService, { key, restoreKeys }: Wanted, version: string, deadline: Deadline) {
  return service.lookUp([key, ...restoreKeys], version, deadline);
}

/** Source: `@actions/cache` 6.3, `cacheUtils.getCacheVersion`. */
export function versionOfActionsCache(
  paths: readonly string[],
  method: string,
  crossOs: boolean,
  os: string,
): string {
  const windows = os === 'Windows' && !crossOs ? ['windows-only'] : [];
  return createHash('sha256')
    .update([...paths, method, ...windows, '1.0'].join('|'))
    .digest('hex');
}
