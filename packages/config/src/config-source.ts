/** The source of a run's configuration: the checkout, or the API at `ref` (`undefined`: the default branch). */
export type ConfigSource = { from: 'checkout' } | { from: 'api'; ref: string | undefined };

/**
 * Chooses the source of the configuration. The checkout counts only if the event is trusted and the checkout is at
 * this run's commit: a persistent machine may hold the leftover checkout of an untrusted run. A fork must not change
 * the configuration that governs it, so every untrusted or unknown event uses the default branch.
 */
export function chooseConfigSource(facts: {
  trusted: boolean;
  sha: string;
  head: string | undefined;
}): ConfigSource {
  const { trusted, sha, head } = facts;
  if (!trusted || sha === '') return { from: 'api', ref: undefined };
  return head === sha ? { from: 'checkout' } : { from: 'api', ref: sha };
}
