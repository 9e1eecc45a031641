import { lstat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { describeWriteError } from './write-error.ts';
import { makeFolder, writeFileAtomic } from './write-file.ts';

export interface Reports {
  /**
   * Writes the full result as JSON and sets the output `report` to the path of the file. It never throws, because no
   * result depends on the report. If the file cannot be written, the step shows a warning that names the disk.
   * @param place the report's name, or the path that `announceReport` returned
   * @param indent number of spaces, for readers; 0 for long reports
   * @param beside the same result in other formats: file extensions with their text. These files lie beside the report
   */
  report(
    place: string,
    value: unknown,
    indent?: number,
    beside?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Sets the output `report` before the file exists, for a report that the post phase writes. @returns the path */
  announceReport(name: string): string;
}

/**
 * Writes reports below `temp`, the runner's temp folder, which the runner empties between jobs.
 * @param setReportOutput sets the output `report` to a path
 */
export function openReports(
  temp: string,
  setReportOutput: (path: string) => void,
  warn: (message: string) => void,
): Reports {
  const pathOf = (name: string): string => join(temp, 'runner-actions', `${name}-${process.pid}.json`);
  return {
    async report(place, value, indent = 2, beside = {}) {
      const path = isAbsolute(place) ? place : pathOf(place);
      try {
        await write(path, `${JSON.stringify(value, undefined, indent)}\n`);
        for (const [extension, text] of Object.entries(beside))
          await write(path.replace(/json$/, extension), text);
        setReportOutput(path);
      } catch (error) {
        const why = describeWriteError(error, path);
        warn(`The report could not be written: ${why}. The result of the step is not affected.`);
      }
    },
    announceReport(name) {
      setReportOutput(pathOf(name));
      return pathOf(name);
    },
  };
}

async function write(path: string, text: string): Promise<void> {
  await makeReportFolder(dirname(path));
  await writeFileAtomic(path, text);
}

/**
 * Creates the folder of the reports in the runner's temp folder.
 * @throws Error if it cannot be created, or if one of the two is a link: a job may have created the link, and it may
 * point anywhere
 */
export async function makeReportFolder(folder: string): Promise<void> {
  await expectFolder(dirname(folder));
  await makeFolder(folder);
  await expectFolder(folder);
}

async function expectFolder(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return;
  throw new Error(`${folder} is a ${stats.isSymbolicLink() ? 'link' : 'file'}, not a folder`);
}
