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

/** How many entries are examined for a prefix, the newest first: a cut name may belong to another key. */
const maxCandidates = 5;

/** Opens the shared level, which several machines use. `undefined` if the input `shared` is not set. */
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

/** The open level, until a deadline. */
interface LevelAccess {
  objects: ObjectStore;
  /** The value of `shared-key`. */
  secret: string | undefined;
  deadline: Deadline;
  /** Opens the level again, with another deadline. */
  open: (deadline: Deadline) => Promise<LevelAccess>;
  transfer: TransferSettings;
  /** The value of the input `shared`. */
  shared: string;
  /** Records a damaged pack, so that the save of this step replaces it. */
  recordDamagedPack: (name: string) => void;
}

/** Runs `act` with the path of a new file for a pack in transfer. */
async function withTempFile<T>({ temp }: TransferSettings, act: (file: string) => Promise<T>): Promise<T> {
  return withTempFolder(temp, (folder) => act(join(folder, 'pack')));
}

/**
 * Finds the exact key, then keys that start with it, then keys that start with each restore key. Of several matches,
 * the newest one.
 */
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
      // A name belongs to exactly one key, even if the header contains another.
      if (found?.startsWith(prefix) === true && objectName(space, found) === candidate.name)
        return remoteEntryFor(found, candidate.name, access);
    }
  }
  return undefined;
}

/**
 * Returns the key from the name of a pack, otherwise from its header. The header is not verified yet, which is enough
 * to choose a candidate. `undefined`: the pack is gone or damaged.
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
  const checkFetchable = async (deadline: Deadline): Promise<void> =>
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
    ...(secret === undefined ? {} : { checkFetchable }),
  };
}

/**
 * Returns the error for a pack that arrived but could not be unpacked, and records the pack as damaged. Errors of the
 * local disk are returned unchanged.
 */
function damagedPackError(error: unknown, name: string, { shared, recordDamagedPack }: LevelAccess): unknown {
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error;
  recordDamagedPack(name);
  return new RejectedPack(
    `The pack ${name} in ${shared} is not used, which counts as a miss: ${reasonOf(error)}. Remove it, or save the same key again to replace it.`,
  );
}

/** Fetches a pack. @throws RejectedPack if there is a key and the proof is not valid */
async function fetchPack(name: string, file: string, access: LevelAccess): Promise<void> {
  const { objects, secret, deadline, transfer, shared } = access;
  await objects.get(name, file, transfer.unpack.limits.maxBytes);
  const why = secret === undefined ? undefined : await proofProblem(file, name, secret, deadline);
  if (why === undefined) return;
  throw new RejectedPack(
    `The pack ${name} in ${shared} is not used, which counts as a miss: ${why}. It was saved with another 'shared-key' or without one, or it was changed later. Remove it, or save the same key again with this 'shared-key' to replace it.`,
  );
}

/** Returns whether an existing pack has a valid proof. Without a key, every pack counts. */
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
