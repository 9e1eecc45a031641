import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import { digest, type Filled } from '@runner-actions/store';
import { withoutCounts, packToFile, unpack } from '../archive.ts';
import type { Level } from '../level.ts';
import { withTempFolder } from '../temp-folder.ts';
import type { CachePlan } from '../../plan/cache-plan.ts';
import type { TransferSettings } from '../transfer-settings.ts';
import { download } from './http.ts';
import { openCacheService } from './cache-service.ts';

/**
 * GitHub's cache with archives of our own: one file for an entry, named by the paths' names, so that runners with other
 * folders, and without `zstd` or `tar`, find and unpack the same one. `undefined` where the runner offers no cache.
 */
export function openGitHubLevel(step: Step, plan: CachePlan, transfer: TransferSettings): Level | undefined {
  const service = openCacheService(step.job.environment, step.job.serverUrl);
  if (service === undefined) return undefined;
  const version = portableVersion(plan, step.job.runner);
  return {
    name: 'github',
    title: 'GitHub’s cache',
    async find({ key, restoreKeys }, deadline) {
      const found = await service.lookUp([key, ...restoreKeys], version, deadline);
      if (found === undefined) return undefined;
      return {
        key: found.key,
        fetch: async (folder: string, within: Deadline): Promise<Filled> => {
          return withoutCounts(await unpack(download(found.url, within), folder, transfer.unpack));
        },
      };
    },
    async save(entry, deadline) {
      const place = await service.reserve(entry.metadata.key, version, deadline);
      if (place === 'exists') return 'exists';
      return withTempFolder(transfer.temp, async (folder): Promise<'saved'> => {
        const file = join(folder, 'pack');
        await packToFile(entry, file, { deadline, tick: transfer.tick });
        await place.upload(file, deadline);
        return 'saved';
      });
    },
  };
}

/** What the service keeps apart besides keys: what is in an archive, and for which systems. */
function portableVersion({ names, inputs }: CachePlan, { os, arch }: { os: string; arch: string }): string {
  const system = inputs.crossOs ? [] : [os, arch];
  return digest(['runner-actions portable 1', ...names, ...system]);
}
