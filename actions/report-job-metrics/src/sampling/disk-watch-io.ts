import { statfs } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { disksOf, type Kernel, spaceOf } from '@runner-actions/host';
import type { SampledDisk } from './sample.ts';

/** Milliseconds that a disk may take. A network file system that is gone answers never. */
const limit = 300;
/** Number of looks after which the mounts are read again. */
const looksPerSearch = 30;

/** Opens the disks that hold `paths`, each once. A disk that does not answer in time is left out until it does. */
export function openDiskWatch(paths: readonly string[], kernel: Kernel = {}) {
  let looks = 0;
  let search: Promise<void> | undefined;
  let places: Pick<SampledDisk, 'path' | 'mountPoint'>[] = [];
  const waiting = new Set<string>();

  const find = async (): Promise<void> => {
    const disks = await disksOf(paths, kernel);
    places = disks.map(({ path, mountPoint }) => ({
      path,
      ...(mountPoint === undefined ? {} : { mountPoint }),
    }));
  };
  const measure = async (place: (typeof places)[number]): Promise<SampledDisk | undefined> => {
    if (waiting.has(place.path)) return undefined;
    waiting.add(place.path);
    try {
      const { totalBytes, availableBytes, freeBytes } = spaceOf(await statfs(place.path));
      return { ...place, totalBytes, availableBytes, freeBytes };
    } catch {
      return undefined;
    } finally {
      waiting.delete(place.path);
    }
  };

  return {
    async read(): Promise<SampledDisk[]> {
      if (looks++ % looksPerSearch === 0) search ??= find().finally(() => (search = undefined));
      const late = new AbortController();
      const end = wait(limit, undefined, { ref: false, signal: late.signal }).catch(() => undefined);
      if (search !== undefined) await Promise.race([search, end]);
      const found = await Promise.all(places.map((place) => Promise.race([measure(place), end])));
      late.abort();
      return found.filter((disk) => disk !== undefined);
    },
  };
}
