/** Where the configuration that governs a run is read: in the checkout, or through the API at `ref` (default: the default branch). */
export type Governing = { from: 'checkout' } | { from: 'api'; ref: string | undefined };

/**
 * Whose file counts. A checkout counts only when the event is trusted and the checkout is this run's own: a machine
 * that lives on may hold a stranger's leftover. A fork does not change what governs it, so whatever is not trusted, an
 * unknown event included, is governed by the default branch.
 */
export function governing(facts: { trusted: boolean; sha: string; head: string | undefined }): Governing {
  const { trusted, sha, head } = facts;
  if (!trusted || sha === '') return { from: 'api', ref: undefined };
  return head === sha ? { from: 'checkout' } : { from: 'api', ref: sha };
}
