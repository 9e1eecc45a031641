import { lstat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { explainWriteFault } from './write-error.ts';
import { makeFolder, writeFileAtomic } from './write-file.ts';

export interface Reports {
  /**
   * Writes the full result as JSON and names the file in the output `report`. It never throws, since no verdict depends on its
   * report: what could not be written is a warning that names the disk.
   * @param place the report's name, or the path that `announceReport` gave
   * @param indent spaces, for people; 0 for what is long
   */
  report(place: string, value: unknown, indent?: number): Promise<void>;
  /** For a report that post writes: sets the output `report` before the file is there, and answers its path. */
  announceReport(name: string): string;
}

/** Reports in `temp`, the runner's temporary folder, which it empties between jobs. @param tell sets the output */
export function openReports(
  temp: string,
  tell: (path: string) => void,
  warn: (message: string) => void,
): Reports {
  const pathOf = (name: string): string => join(temp, 'runner-actions', `${name}-${process.pid}.json`);
  return {
    async report(place, value, indent = 2) {
      const path = isAbsolute(place) ? place : pathOf(place);
      try {
        await write(path, `${JSON.stringify(value, undefined, indent)}\n`);
        tell(path);
      } catch (error) {
        const why = explainWriteFault(error, path);
        warn(`The report could not be written: ${why}. The result is the same without it.`);
      }
    },
    announceReport(name) {
      tell(pathOf(name));
      return pathOf(name);
    },
  };
}

/**
 * @throws Error when it cannot be written, or its folder or the runner's temporary one is a link: a job may have made it, and it leads
 * anywhere
 */
async function write(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await expectFolder(dirname(folder));
  await makeFolder(folder);
  await expectFolder(folder);
  await writeFileAtomic(path, text);
}

async function expectFolder(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (stats !== undefined && !stats.isDirectory()) throw new Error(`${folder} is a link, and no folder`);
}
