/**
 * The names that the store gives its folders. In the place of one of its own, whoever may write it can put a link to any folder, so what
 * has no name of ours is never taken for ours.
 */
export type FolderNameTest = (name: string) => boolean;

/** Of repositories, scopes, versions and keys. */
export const isDigest: FolderNameTest = (name) => /^[\da-f]{64}$/.test(name);
/** Of ready copies, and of what is in quarantine. */
export const isUuid: FolderNameTest = (name) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);
/** Of leases, and of what is being made or thrown away: an owner, and a random part. A date with underscores is none. */
export const isOwnerName: FolderNameTest = (name) =>
  /^\d+_\d*_[\da-f-]*_\d*_[A-Za-z0-9.-]*_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);
