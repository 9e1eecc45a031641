import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import { computeFingerprint, digest, type Entry } from '@runner-actions/store';
import { withTempFolder } from '../temp-folder.ts';
import type { CachePlan } from '../../plan/cache-plan.ts';
import { download } from './http.ts';
import { openCacheService } from './cache-service.ts';

/** The length of a pin: a digest in hexadecimal digits. */
const pinLength = 64;

/**
 * Computes the pin of an entry: a digest of its key, the places of its trees and their content. It reads the content
 * again, because the records of the entry itself are not trusted.
 */
export function pinOf(entry: Entry): string {
  const { key, trees } = entry.metadata;
  const places = trees.map(({ place, from }) => [place.path, place.below, from ?? '']);
  return createHash('sha256')
    .update(JSON.stringify([key, places, computeFingerprint(entry)]))
    .digest('hex');
}

/**
 * Digests of entries in GitHub's cache, for `verify: pinned`. Users who can write this machine's disk cannot write
 * there, so a pin detects an entry that was changed together with its inventory.
 */
interface Pins {
  read(key: string, deadline: Deadline): Promise<string | undefined>;
  write(entry: Entry, deadline: Deadline): Promise<void>;
}

/** Opens the pins. `undefined` if the runner offers no cache service. */
export function openPins(step: Step, plan: CachePlan): Pins | undefined {
  const service = openCacheService(step.job.environment, step.job.serverUrl);
  if (service === undefined) return undefined;
  const { os, arch } = step.job.runner;
  const version = digest(['runner-actions pin 2', ...plan.names, os, arch]);
  return {
    async read(key, deadline) {
      const found = await service.lookUp([key], version, deadline);
      if (found?.key !== key) return undefined;
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const part of download(found.url, deadline)) {
        length += part.length;
        if (length > pinLength) return undefined;
        parts.push(part);
      }
      return Buffer.concat(parts).toString();
    },
    async write(entry, deadline) {
      const place = await service.reserve(entry.metadata.key, version, deadline);
      if (place === 'exists') return;
      await withTempFolder(step.job.temp, async (folder) => {
        const file = join(folder, 'pin');
        writeFileSync(file, pinOf(entry), { flag: 'wx' });
        await place.upload(file, deadline);
      });
    },
  };
}
