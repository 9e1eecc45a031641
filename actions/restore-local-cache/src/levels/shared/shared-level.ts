import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, reasonOf, type Step } from '@runner-actions/core';
import type { Space } from '@runner-actions/store';
import { headerOf, fetchedOf, packToFile, unpack } from '../archive.ts';
import { readSharedKey } from '../../inputs.ts';
import { withOwnFolder } from '../own-folder.ts';
import type { Workbench } from '../workbench.ts';
import type { Level, Offer, Wanted } from '../level.ts';
import type { CachePlan } from '../../plan/plan.ts';
import { openDirectory } from './directory.ts';
import { keyOfName, type ObjectStore, objectName, objectPrefix } from './names.ts';
import { BadPack, proving, whyUnproven } from './proof.ts';
import { openS3 } from './s3.ts';

/** Newer ones first, this many entries are looked at for a prefix: names that are cut may be of other keys. */
const mostCandidates = 5;

/** The level between: what several machines share. `undefined` where none is named. */
export function openShared(step: Step, plan: CachePlan, bench: Workbench): Level | undefined {
  const { shared } = plan.inputs;
  if (shared === undefined) return undefined;
  const open = async (deadline: Deadline): Promise<Access> => ({
    objects: shared.startsWith('s3://')
      ? await openS3(shared, step.job.environment, deadline)
      : openDirectory(shared, deadline),
    secret: readSharedKey(step.inputs),
    deadline,
    open,
    bench,
    shared,
    noteDamaged: (name) => (plan.damagedPack = name),
  });
  return {
    name: 'shared',
    title: `the shared level (${shared})`,
    async find(wanted, deadline) {
      const access = await open(deadline);
      for (const space of plan.read) {
        const offer = await findIn(space, wanted, access);
        if (offer !== undefined) return offer;
      }
      return undefined;
    },
    async save(entry, deadline) {
      if (plan.write === undefined) throw new Error('this run may only read caches');
      const access = await open(deadline);
      const { objects, secret } = access;
      const name = objectName(plan.write, entry.metadata.key);
      const isThere = await objects.has(name);
      const isDamaged = plan.damagedPack === name;
      if (isThere && !isDamaged && (await isProven(name, access))) return 'exists';
      const why = isDamaged ? 'damaged' : "not proven by 'shared-key'";
      if (isThere) step.log.info(`The pack ${name} in ${shared} is ${why}: replacing it.`);
      return withFile(bench, async (file) => {
        const proved = secret === undefined ? undefined : proving(name, secret);
        await packToFile(entry, file, { deadline, tick: bench.tick, proved });
        return objects.put(file, name, isThere);
      });
    },
  };
}

/** The level, for as long as a deadline lets it be used. */
interface Access {
  objects: ObjectStore;
  /** Of `shared-key`. */
  secret: string | undefined;
  deadline: Deadline;
  /** For longer, or again. */
  open: (deadline: Deadline) => Promise<Access>;
  bench: Workbench;
  /** As the user named it. */
  shared: string;
  /** Tells the save of this step, which replaces it. */
  noteDamaged: (name: string) => void;
}

/** With a place for a pack on its way, where no file is. */
async function withFile<T>({ temp }: Workbench, act: (file: string) => Promise<T>): Promise<T> {
  return withOwnFolder(temp, (folder) => act(join(folder, 'pack')));
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
      // A name is of one key alone, whatever the header says.
      if (found?.startsWith(prefix) === true && objectName(space, found) === candidate.name)
        return offerOf(found, candidate.name, access);
    }
  }
  return undefined;
}

/**
 * The key in an entry's name, else in its header, which nothing proves yet: enough to choose. `undefined`: it went meanwhile, or is
 * damaged.
 */
async function keyOf(name: string, { objects, bench }: Access): Promise<string | undefined> {
  const inName = keyOfName(name);
  if (inName !== undefined) return inName;
  return withFile(bench, async (file) => {
    try {
      await objects.get(name, file, 1 << 20, true);
      return (await headerOf(file)).key;
    } catch {
      return undefined;
    }
  });
}

function offerOf(key: string, name: string, access: Access): Offer {
  const { open, bench, secret } = access;
  const prove = async (deadline: Deadline): Promise<void> =>
    withFile(bench, async (file) => fetchPack(name, file, await open(deadline)));
  return {
    key,
    fetch: (folder, deadline) =>
      withFile(bench, async (file) => {
        await fetchPack(name, file, await open(deadline));
        try {
          const header = await unpack(createReadStream(file), folder, bench.unpack);
          if (header.key !== key) throw new Error(`it has the key ${JSON.stringify(header.key)}`);
          return fetchedOf(header);
        } catch (error) {
          throw asDamaged(error, name, access);
        }
      }),
    ...(secret === undefined ? {} : { prove }),
  };
}

/** Why a pack that came as it is could not be unpacked, and what to do; not for what this machine's own disk refuses. */
function asDamaged(error: unknown, name: string, { shared, noteDamaged }: Access): unknown {
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error;
  noteDamaged(name);
  return new BadPack(
    `The pack ${name} in ${shared} is not used, which counts as a miss: ${reasonOf(error)}. Remove it, or let a save of the same key replace it.`,
  );
}

/** Fetches a pack as it is. @throws BadPack where there is a key, and the pack is not proven by it */
async function fetchPack(name: string, file: string, access: Access): Promise<void> {
  const { objects, secret, deadline, bench, shared } = access;
  await objects.get(name, file, bench.unpack.limits.maxBytes);
  const why = secret === undefined ? undefined : await whyUnproven(file, name, secret, deadline);
  if (why === undefined) return;
  throw new BadPack(
    `The pack ${name} in ${shared} is not used, which counts as a miss: ${why}. Who saved it has another 'shared-key' or none, or somebody changed it. Remove it, or let a save with the key replace it.`,
  );
}

/** Whether a pack that is there counts, as all do without a key. */
async function isProven(name: string, access: Access): Promise<boolean> {
  if (access.secret === undefined) return true;
  try {
    await withFile(access.bench, (file) => fetchPack(name, file, access));
    return true;
  } catch (error) {
    if (error instanceof BadPack) return false;
    throw error;
  }
}
