/** GitHub's cache, as far as it is used. `@actions/cache` is heavy, so it is loaded when it is asked. */
export interface RemoteCache {
  /** The key of what was restored, or with `lookupOnly` found; `undefined`: a miss. */
  restore(
    paths: readonly string[],
    key: string,
    restoreKeys: readonly string[],
    options: { lookupOnly: boolean; crossOs: boolean },
  ): Promise<string | undefined>;
  save(paths: readonly string[], key: string, crossOs: boolean): Promise<boolean>;
}

/** `undefined` where the runner offers no cache service. */
export async function openGitHubCache(): Promise<RemoteCache | undefined> {
  const cache = await import('@actions/cache');
  if (!cache.isFeatureAvailable()) return undefined;
  return {
    restore: (paths, key, restoreKeys, { lookupOnly, crossOs }) =>
      cache.restoreCache([...paths], key, [...restoreKeys], { lookupOnly }, crossOs),
    save: async (paths, key, crossOs) => (await cache.saveCache([...paths], key, undefined, crossOs)) !== -1,
  };
}
