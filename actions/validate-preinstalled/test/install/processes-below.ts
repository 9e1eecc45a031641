import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Returns the commands of all processes whose root folder is `root`. */
export function findProcessesOf(root: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/root`) !== root) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
      } catch {
        // It has ended.
        return [];
      }
    });
}
