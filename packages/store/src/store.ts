/**
 * An opened store: its root folder exists and this user may use it. Folders below the root:
 * - `v3/REPOSITORY/SCOPE/VERSION/KEY/`: one entry each. The names are digests. `keys`, the index, is next to the
 *   entries of a version.
 * - `leases/`: what jobs hold. `locks/`: lock files.
 * - `staging/`: folders that are being created or deleted. `quarantine/`: damaged entries.
 * The first folder names the format version. Each version has its own folder and never touches another one.
 */
export interface Store {
  root: string;
  /** The group whose users also write the store. `undefined`: only this user writes it. */
  group: number | undefined;
  /** The store is mounted read-only, or belongs to another user. Restores work; nothing is saved. */
  readOnly: boolean;
  /**
   * The store is deleted when the step ends and no other process knows it. Its trees may be symlinks to the saved
   * paths.
   */
  temporary?: boolean;
}

/** Returns whether other users also write the store. If so, nothing in it can be trusted. */
export function isShared({ group }: Store): boolean {
  return group !== undefined;
}
