import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Deadline, Step } from '@runner-actions/core';
import type { Space } from '@runner-actions/store';
import { headerOf, fetchedOf, packToFile, unpack } from '../archive.ts';
import type { Workbench } from '../workbench.ts';
import type { Level, Offer, Wanted } from '../level.ts';
import type { CachePlan } from '../plan.ts';
import { openDirectory } from './directory.ts';
import { keyOfName, type ObjectStore, objectName, objectPrefix } from './names.ts';
import { openS3 } from './s3.ts';

/** Newer ones first, this many entries are looked at for a prefix: names that are cut may be of other keys. */
const mostCandidates = 5;

/** The level between: what several machines share. `undefined` where none is named. */
export function openShared(step: Step, plan: CachePlan, bench: Workbench): Level | undefined {
  const { shared } = plan.inputs;
  if (shared === undefined) return undefined;
  const open = async (deadline: Deadline): Promise<ObjectStore> =>
    shared.startsWith('s3://')
      ? openS3(shared, step.job.environment, deadline)
      : openDirectory(shared, deadline);
  return {
    name: 'shared',
    title: `the shared level (${shared})`,
    async find(wanted, deadline) {
      const objects = await open(deadline);
      for (const space of plan.read) {
        const offer = await findIn(space, wanted, { objects, open, bench });
        if (offer !== undefined) return offer;
      }
      return undefined;
    },
    async save(entry, deadline) {
      if (plan.write === undefined) throw new Error('this run may only read caches');
      const objects = await open(deadline);
      const name = objectName(plan.write, entry.metadata.key);
      if (await objects.has(name)) return 'exists';
      const file = join(bench.folder, `shared-${process.pid}.pack`);
      try {
        await packToFile(entry, file, deadline, bench.tick);
        return await objects.put(file, name);
      } finally {
        rmSync(file, { force: true });
      }
    },
  };
}

interface Access {
  objects: ObjectStore;
  open: (deadline: Deadline) => Promise<ObjectStore>;
  bench: Workbench;
}

/** The key itself, then what begins with it, then with each restore key; of several the newest. */
async function findIn(
  space: Space,
  { key, restoreKeys }: Wanted,
  access: Access,
): Promise<Offer | undefined> {
  const name = objectName(space, key);
  if (await access.objects.has(name)) return offerOf(key, name, access);
  for (const prefix of [key, ...restoreKeys]) {
    const listed = await access.objects.list(objectPrefix(space, prefix));
    const newest = listed.toSorted((one, other) => other.modified - one.modified).slice(0, mostCandidates);
    for (const candidate of newest) {
      const found = await keyOf(candidate.name, access);
      if (found?.startsWith(prefix) === true) return offerOf(found, candidate.name, access);
    }
  }
  return undefined;
}

/** The key in an entry's name, else in its header. `undefined`: it went meanwhile, or is damaged. */
async function keyOf(name: string, { objects, bench }: Access): Promise<string | undefined> {
  const inName = keyOfName(name);
  if (inName !== undefined) return inName;
  const file = join(bench.folder, `header-${process.pid}.pack`);
  try {
    await objects.get(name, file, 1 << 20, true);
    return (await headerOf(file)).key;
  } catch {
    return undefined;
  } finally {
    rmSync(file, { force: true });
  }
}

function offerOf(key: string, name: string, { open, bench }: Access): Offer {
  return {
    key,
    async fetch(folder, deadline) {
      const file = join(bench.folder, `fetched-${process.pid}.pack`);
      try {
        await (await open(deadline)).get(name, file, bench.unpack.limits.maxBytes);
        const header = await unpack(createReadStream(file), folder, bench.unpack);
        if (header.key !== key) throw new Error(`it has the key ${JSON.stringify(header.key)}`);
        return fetchedOf(header);
      } finally {
        rmSync(file, { force: true });
      }
    },
  };
}
