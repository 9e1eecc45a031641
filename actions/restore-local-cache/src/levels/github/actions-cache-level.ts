import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import type { Filled } from '@runner-actions/store';
import { decompress, packToFile } from '../archive.ts';
import type { Level, Offer, Wanted } from '../level.ts';
import { withOwnFolder } from '../own-folder.ts';
import { type CachePlan, surroundings } from '../../plan/plan.ts';
import { placesToPaths } from '../../plan/targets.ts';
import type { Workbench } from '../workbench.ts';
import { download } from './http.ts';
import { type CacheService, openService } from './service.ts';

const methods = { 'zstd-without-long': 'zstd', gzip: 'gzip' } as const;

/**
 * GitHub's cache with the archives of `actions/cache`, compressed with Zstandard: entries of both exchange. What is restored is
 * checked, and made beside the target; what is saved is packed from the store's entry. Neither needs a program.
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
      const fetch = async (folder: string, within: Deadline): Promise<Filled> => {
        const { readTar } = await import('./tar.ts');
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
    async save(entry, deadline) {
      const { key } = entry.metadata;
      for (const name of Object.keys(methods)) {
        const found = await ask(service, { key, restoreKeys: [] }, versionFor(name), deadline);
        if (found?.key === key) return 'exists';
      }
      const place = await service.reserve(key, versionFor('zstd-without-long'), deadline);
      if (place === 'exists') return 'exists';
      const { tarFormat } = await import('./tar-format.ts');
      const format = tarFormat(
        around.roots.workspace,
        (where) => placesToPaths([where], paths, around)[0] ?? '',
      );
      return withOwnFolder(bench.temp, async (folder): Promise<'saved'> => {
        const file = join(folder, 'cache.tzst');
        await packToFile(entry, file, { deadline, tick: bench.tick, format });
        await place.upload(file, deadline);
        return 'saved';
      });
    },
  };
}

function ask(service: CacheService, { key, restoreKeys }: Wanted, version: string, deadline: Deadline) {
  return service.lookUp([key, ...restoreKeys], version, deadline);
}

/** Source: `@actions/cache` 6.3, `cacheUtils.getCacheVersion`. */
function versionOfActionsCache(
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
