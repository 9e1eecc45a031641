/** A folder next to the runner's own, such as `bin.2.336.0`, or what an update has left in `_work`. */
export interface VersionFolder {
  name: string;
  /** Milliseconds since the last change in it, as far as it was seen. */
  age: number;
  /** Why it stays in any case, such as that a process uses it. */
  whyKept: string | undefined;
}

/** Milliseconds after the last change in which an update may still be in progress. */
const updateTime = 86_400_000;

/** Returns the version in a name such as `bin.2.336.0`; `undefined` for another name. */
export function versionIn(name: string): number[] | undefined {
  const [, version] = /^(?:bin|externals)\.(\d{1,6}\.\d{1,6}\.\d{1,6})$/.exec(name) ?? [];
  return version?.split('.').map(Number);
}

/**
 * Returns the version that runs: both links lead to folders of the same one. An update replaces them one after the
 * other. Source: actions/runner, update.sh.template.
 * @param bin target of the link `bin`, and `externals` of the other; `undefined` if it is not a link
 * @returns a text with the reason if it is not known
 */
export function currentVersion(bin: string | undefined, externals: string | undefined): number[] | string {
  if (bin === undefined || externals === undefined)
    return "the runner's folders 'bin' and 'externals' are not links, so no update has left an old version";
  const version = bin.startsWith('bin.') ? versionIn(bin) : undefined;
  if (version === undefined || externals !== `externals.${version.join('.')}`)
    return "the links 'bin' and 'externals' do not lead to one version: an update may be in progress";
  return version;
}

/** Decides whether a folder with an old version may go. A newer one is an update that waits for the end of this job. */
export function judgeVersion(
  { name, age, whyKept }: VersionFolder,
  current: readonly number[],
): { action: 'remove' | 'keep'; why: string } {
  const version = versionIn(name) ?? current;
  const order = version
    .map((part, index) => part - (current[index] ?? 0))
    .find((difference) => difference !== 0);
  if (order === undefined) return { action: 'keep', why: 'the current version' };
  if (order > 0) return { action: 'keep', why: 'newer than the current version: an update is in progress' };
  return judgeRest({ name, age, whyKept }, `older than the current version ${current.join('.')}`);
}

/** Decides whether what an update has left in `_work` may go. */
export function judgeRest(
  { age, whyKept }: VersionFolder,
  why = 'left by an update of the runner',
): { action: 'remove' | 'keep'; why: string } {
  if (whyKept !== undefined) return { action: 'keep', why: whyKept };
  if (age < updateTime)
    return { action: 'keep', why: 'it changed within a day: an update may be in progress' };
  return { action: 'remove', why };
}
