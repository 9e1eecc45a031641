import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import { digest, type ImportedTrees } from '@runner-actions/store';
import { withoutCounts, packToFile, unpack } from '../archive.ts';
import type { Level } from '../level.ts';
import { withTempFolder } from '../temp-folder.ts';
import type { CachePlan } from '../../plan/cache-plan.ts';
import type { TransferSettings } from '../transfer-settings.ts';
import { download } from './http.ts';
import { openCacheService } from './cache-service.ts';

/**
 * Opens GitHub's cache with portable archives: one file for each entry, under a version made of the portable path
 * names. Runners with other folders, or without `zstd` and `tar`, find and unpack the same entries.
 * @returns `undefined` if the runner offers no cache service
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
        fetch: async (folder: string, within: Deadline): Promise<ImportedTrees> => {
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

/**
 * Returns the version, which the service treats as part of the key: what an archive contains, and for which systems.
 */
function portableVersion({ names, inputs }: CachePlan, { os, arch }: { os: string; arch: string }): string {
  const system = inputs.crossOs ? [] : [os, arch];
  return digest(['runner-actions portable 1', ...names, ...system]);
}
