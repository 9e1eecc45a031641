import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import type { Entry } from '@runner-actions/store';
import type { CachePlan } from '../plan.ts';
import { download } from './http.ts';
import { openService } from './service.ts';

/**
 * Fingerprints of entries in GitHub's cache, for `verify: pinned`: whoever may write this machine's disk cannot write there, so
 * an entry that was changed with its inventory is found.
 */
export interface Pins {
  read(key: string, deadline: Deadline): Promise<string | undefined>;
  write(entry: Entry, deadline: Deadline): Promise<void>;
}

export function openPins(step: Step, plan: CachePlan, folder: string): Pins | undefined {
  const service = openService(step.job.environment, step.job.serverUrl);
  if (service === undefined) return undefined;
  const { os, arch } = step.job.runner;
  const version = createHash('sha256')
    .update(JSON.stringify(['runner-actions pin 1', ...plan.names, os, arch]))
    .digest('hex');
  return {
    async read(key, deadline) {
      const found = await service.lookUp([key], version, deadline);
      if (found?.key !== key) return undefined;
      const parts: Uint8Array[] = [];
      for await (const part of download(found.url, deadline)) parts.push(part);
      return Buffer.concat(parts).toString();
    },
    async write({ metadata }, deadline) {
      const place = await service.reserve(metadata.key, version, deadline);
      if (place === 'exists') return;
      const file = join(folder, `pin-${process.pid}`);
      try {
        writeFileSync(file, metadata.fingerprint);
        await place.upload(file, deadline);
      } finally {
        rmSync(file, { force: true });
      }
    },
  };
}
