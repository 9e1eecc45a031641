/**
 * A store that was opened: its folder is there, and this user may write it. Below the root:
 * `v3/REPOSITORY/SCOPE/VERSION/KEY/` an entry each (names are digests), and `keys` beside the entries of a version;
 * `leases/` what jobs hold; `staging/` what is being made or thrown away; `quarantine/` entries that were not whole; `locks/`.
 * The format is in the name of the first folder: another version has another one, and neither touches the other.
 */
export interface Store {
  root: string;
  /** Whose users write it as well; `undefined`: only this user does. */
  group: number | undefined;
  /** It is mounted read-only, or another user's: it serves, and takes nothing. */
  readOnly: boolean;
  /** It goes when the step ends, and nobody else knows of it: its trees may be links to what was saved. */
  temporary?: boolean;
}

/** Whether other users write it as well: then all that is in it is a stranger's word. */
export function isShared({ group }: Store): boolean {
  return group !== undefined;
}
