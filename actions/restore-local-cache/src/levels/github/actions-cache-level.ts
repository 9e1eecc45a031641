import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import type { ImportedTrees } from '@runner-actions/store';
import { decompress, packToFile } from '../archive.ts';
import type { Level, RemoteEntry, KeyQuery } from '../level.ts';
import { withTempFolder } from '../temp-folder.ts';
import { type CachePlan, pathContext } from '../../plan/cache-plan.ts';
import { placesToPaths } from '../../plan/targets.ts';
import type { TransferSettings } from '../transfer-settings.ts';
import { download } from './http.ts';
import { type CacheService, openCacheService } from './cache-service.ts';

const methods = { 'zstd-without-long': 'zstd', gzip: 'gzip' } as const;

/**
 * Opens GitHub's cache with archives of `actions/cache`, compressed with Zstandard, so that both actions can use the
 * same entries. Restored archives are checked and unpacked in a staging folder; saved archives are packed from the
 * entry in the store. No program needs to be installed.
 * @returns `undefined` if the runner offers no cache service
 */
export function openActionsCacheLevel(
  step: Step,
  plan: CachePlan,
  transfer: TransferSettings,
): Level | undefined {
  const service = openCacheService(step.job.environment, step.job.serverUrl);
  if (service === undefined) return undefined;
  const context = pathContext(plan, step.job);
  const { paths, crossOs } = plan.inputs;
  const versionFor = (method: string) => versionOfActionsCache(paths, method, crossOs, step.job.runner.os);
  return {
    name: 'github',
    title: 'GitHub’s cache',
    async find(wanted, deadline) {
      const offers = await Promise.all(
        Object.entries(methods).map(async ([name, method]) => {
          const found = await lookUp(service, wanted, versionFor(name), deadline);
          return found === undefined ? undefined : { ...found, method };
        }),
      );
      const there = offers.filter((offer) => offer !== undefined);
      const best = there.find(({ key }) => key === wanted.key) ?? there[0];
      if (best === undefined) return undefined;
      const fetch = async (folder: string, within: Deadline): Promise<ImportedTrees> => {
        const { readTar } = await import('./tar-reader.ts');
        const stream = decompress(download(best.url, within), best.method);
        const places = await readTar(stream, folder, {
          paths,
          context,
          limits: transfer.unpack.limits,
          tick: transfer.tick,
        });
        return { trees: places.map((place) => ({ place })) };
      };
      return { key: best.key, fetch } satisfies RemoteEntry;
    },
    async save(entry, deadline) {
      const { key } = entry.metadata;
      for (const name of Object.keys(methods)) {
        const found = await lookUp(service, { key, restoreKeys: [] }, versionFor(name), deadline);
        if (found?.key === key) return 'exists';
      }
      const place = await service.reserve(key, versionFor('zstd-without-long'), deadline);
      if (place === 'exists') return 'exists';
      const { tarFormat } = await import('./tar-writer-format.ts');
      const format = tarFormat(
        context.roots.workspace,
        (where) => placesToPaths([where], paths, context)[0] ?? '',
      );
      return withTempFolder(transfer.temp, async (folder): Promise<'saved'> => {
        const file = join(folder, 'cache.tzst');
        await packToFile(entry, file, { deadline, tick: transfer.tick, format });
        await place.upload(file, deadline);
        return 'saved';
      });
    },
  };
}

function lookUp(service: CacheService, { key, restoreKeys }: KeyQuery, version: string, deadline: Deadline) {
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
