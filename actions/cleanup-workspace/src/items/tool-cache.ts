import { days } from './ground.ts';

/** One version of a tool for one processor: `TOOL/VERSION/ARCH`, with the marker `ARCH.complete` beside it. */
export interface ToolVersion {
  tool: string;
  version: string;
  arch: string;
  /** Time of the last change of the marker, in milliseconds since 1970; `undefined` if it is not there. */
  completed: number | undefined;
  /** Why it stays in any case. */
  whyKept: string | undefined;
}

/**
 * Compares two versions, part by part, as numbers where both are. A version with a pre-release comes before the one
 * without. Source: semver.org, "Precedence".
 * @returns a negative number if `one` is older
 */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [one, other].map(splitVersion);
  return compareParts(first?.release, second?.release) || comparePreReleases(first?.rest, second?.rest);
}

function splitVersion(version: string): { release: string[]; rest: string[] | undefined } {
  const [, release = '', rest] = /^v?([\d.]*)(?:[-+_](.*))?$/s.exec(version) ?? ['', version];
  return { release: release.split('.'), rest: rest?.split(/[-+_.]/) };
}

function comparePreReleases(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return compareParts(one, other);
}

function compareParts(one: readonly string[] = [], other: readonly string[] = []): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [first = '', second = ''] = [one[index], other[index]];
    const areNumbers = /^\d{1,15}$/.test(first) && /^\d{1,15}$/.test(second);
    const order = areNumbers ? Number(first) - Number(second) : first < second ? -1 : Number(first > second);
    if (order !== 0) return order;
  }
  return 0;
}

const mark = '.being-removed-by-runner-actions';

/** Returns the name of a version's folder while it is being removed. */
export const nameDuring = (arch: string): string => (isHalfRemoved(arch) ? arch : `${arch}${mark}`);

/** Returns whether a clean-up was removing a folder. */
export const isHalfRemoved = (arch: string): boolean => arch.endsWith(mark);

/**
 * Decides which versions may go. Of each tool and processor the newest version stays, and the one that was installed
 * last.
 */
export function judgeTools(
  found: readonly ToolVersion[],
  now: number,
  maxAge: number,
): { action: 'remove' | 'keep'; why: string }[] {
  return found.map((entry) => {
    const keep = (why: string) => ({ action: 'keep' as const, why });
    const { completed, whyKept, version } = entry;
    const others = found.filter(({ tool, arch }) => tool === entry.tool && arch === entry.arch);
    if (whyKept !== undefined) return keep(whyKept);
    if (isHalfRemoved(entry.arch)) return { action: 'remove', why: 'left by a clean-up that did not finish' };
    if (completed === undefined) return keep('its marker is missing: it may be being installed');
    if (others.every((other) => compareVersions(other.version, version) <= 0))
      return keep('the newest version of the tool');
    if (others.every((other) => (other.completed ?? 0) <= completed))
      return keep('the last version that was installed');
    const age = now - completed;
    if (age <= maxAge) return keep(`it was installed ${days(Math.max(0, age))} ago`);
    return { action: 'remove', why: `it was installed ${days(age)} ago` };
  });
}

/** Returns the name of a variable of this job whose value names a folder, such as PATH or JAVA_HOME. */
export function variableFor(
  folders: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const [found] =
    Object.entries(environment).find(([, value]) => folders.some((folder) => value?.includes(folder))) ?? [];
  return found;
}
