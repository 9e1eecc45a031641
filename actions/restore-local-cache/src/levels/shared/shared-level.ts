import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, reasonOf, type Step } from '@runner-actions/core';
import type { Space } from '@runner-actions/store';
import { readHeader, withoutCounts, packToFile, unpack } from '../archive.ts';
import { readSharedKey } from '../../inputs.ts';
import { withTempFolder } from '../temp-folder.ts';
import type { TransferSettings } from '../transfer-settings.ts';
import type { Level, RemoteEntry, KeyQuery } from '../level.ts';
import type { CachePlan } from '../../plan/cache-plan.ts';
import { openDirectory } from './directory-store.ts';
import { keyOfName, type ObjectStore, objectName, objectPrefix } from './object-store.ts';
import { RejectedPack, appendProof, proofProblem } from './proof.ts';
import { openS3 } from './s3-store.ts';

/** Newer ones first, this many entries are looked at for a prefix: names that are cut may be of other keys. */
const maxCandidates = 5;

/** The level between: what several machines share. `undefined` where none is named. */
export function openSharedLevel(step: Step, plan: CachePlan, transfer: TransferSettings): Level | undefined {
  const { shared } = plan.inputs;
  if (shared === undefined) return undefined;
  const open = async (deadline: Deadline): Promise<LevelAccess> => ({
    objects: shared.startsWith('s3://')
      ? await openS3(shared, step.job.environment, deadline)
      : openDirectory(shared, deadline),
    secret: readSharedKey(step.inputs),
    deadline,
    open,
    transfer,
    shared,
    recordDamagedPack: (name) => (plan.damagedPack = name),
  });
  return {
    name: 'shared',
    title: `the shared level (${shared})`,
    async find(wanted, deadline) {
      const access = await open(deadline);
      for (const space of plan.read) {
        const remoteEntry = await findInSpace(space, wanted, access);
        if (remoteEntry !== undefined) return remoteEntry;
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
      if (isThere && !isDamaged && (await hasValidProof(name, access))) return 'exists';
      const why = isDamaged ? 'damaged' : "not proven by 'shared-key'";
      if (isThere) step.log.info(`The pack ${name} in ${shared} is ${why}: replacing it.`);
      return withTempFile(transfer, async (file) => {
        const transform = secret === undefined ? undefined : appendProof(name, secret);
        await packToFile(entry, file, { deadline, tick: transfer.tick, transform });
        return objects.put(file, name, isThere);
      });
    },
  };
}

/** The level, for as long as a deadline lets it be used. */
interface LevelAccess {
  objects: ObjectStore;
  /** Of `shared-key`. */
  secret: string | undefined;
  deadline: Deadline;
  /** For longer, or again. */
  open: (deadline: Deadline) => Promise<LevelAccess>;
  transfer: TransferSettings;
  /** As the user named it. */
  shared: string;
  /** Tells the save of this step, which replaces it. */
  recordDamagedPack: (name: string) => void;
}

/** With a place for a pack on its way, where no file is. */
async function withTempFile<T>({ temp }: TransferSettings, act: (file: string) => Promise<T>): Promise<T> {
  return withTempFolder(temp, (folder) => act(join(folder, 'pack')));
}

/** The key itself, then what begins with it, then with each restore key; of several the newest. */
async function findInSpace(
  space: Space,
  { key, restoreKeys }: KeyQuery,
  access: LevelAccess,
): Promise<RemoteEntry | undefined> {
  const name = objectName(space, key);
  if (await access.objects.has(name)) return remoteEntryFor(key, name, access);
  for (const prefix of [key, ...restoreKeys]) {
    const listed = await access.objects.list(objectPrefix(space, prefix));
    const newest = listed.toSorted((one, other) => other.modified - one.modified).slice(0, maxCandidates);
    for (const candidate of newest) {
      const found = await keyOfPack(candidate.name, access);
      // A name is of one key alone, whatever the header says.
      if (found?.startsWith(prefix) === true && objectName(space, found) === candidate.name)
        return remoteEntryFor(found, candidate.name, access);
    }
  }
  return undefined;
}

/**
 * The key in an entry's name, else in its header, which nothing proves yet: enough to choose. `undefined`: it went meanwhile, or is
 * damaged.
 */
async function keyOfPack(name: string, { objects, transfer }: LevelAccess): Promise<string | undefined> {
  const inName = keyOfName(name);
  if (inName !== undefined) return inName;
  return withTempFile(transfer, async (file) => {
    try {
      await objects.get(name, file, 1 << 20, true);
      return (await readHeader(file)).key;
    } catch {
      return undefined;
    }
  });
}

function remoteEntryFor(key: string, name: string, access: LevelAccess): RemoteEntry {
  const { open, transfer, secret } = access;
  const prove = async (deadline: Deadline): Promise<void> =>
    withTempFile(transfer, async (file) => fetchPack(name, file, await open(deadline)));
  return {
    key,
    fetch: (folder, deadline) =>
      withTempFile(transfer, async (file) => {
        await fetchPack(name, file, await open(deadline));
        try {
          const header = await unpack(createReadStream(file), folder, transfer.unpack);
          if (header.key !== key) throw new Error(`it has the key ${JSON.stringify(header.key)}`);
          return withoutCounts(header);
        } catch (error) {
          throw damagedPackError(error, name, access);
        }
      }),
    ...(secret === undefined ? {} : { prove }),
  };
}

/** Why a pack that came as it is could not be unpacked, and what to do; not for what this machine's own disk refuses. */
function damagedPackError(error: unknown, name: string, { shared, recordDamagedPack }: LevelAccess): unknown {
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error;
  recordDamagedPack(name);
  return new RejectedPack(
    `The pack ${name} in ${shared} is not used, which counts as a miss: ${reasonOf(error)}. Remove it, or let a save of the same key replace it.`,
  );
}

/** Fetches a pack as it is. @throws RejectedPack where there is a key, and the pack is not proven by it */
async function fetchPack(name: string, file: string, access: LevelAccess): Promise<void> {
  const { objects, secret, deadline, transfer, shared } = access;
  await objects.get(name, file, transfer.unpack.limits.maxBytes);
  const why = secret === undefined ? undefined : await proofProblem(file, name, secret, deadline);
  if (why === undefined) return;
  throw new RejectedPack(
    `The pack ${name} in ${shared} is not used, which counts as a miss: ${why}. Who saved it has another 'shared-key' or none, or somebody changed it. Remove it, or let a save with the key replace it.`,
  );
}

/** Whether a pack that is there counts, as all do without a key. */
async function hasValidProof(name: string, access: LevelAccess): Promise<boolean> {
  if (access.secret === undefined) return true;
  try {
    await withTempFile(access.transfer, (file) => fetchPack(name, file, access));
    return true;
  } catch (error) {
    if (error instanceof RejectedPack) return false;
    throw error;
  }
}
