/**
 * Why GitHub gave no usable response. Every kind means "unknown". Only `not-found` may mean that something does not
 * exist, but it may also mean a missing permission.
 */
export type FailureKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'rejected'
  | 'server-error'
  | 'invalid-response'
  /** A list was read to its end and may have more items. */
  | 'incomplete'
  | 'network'
  | 'deadline'
  | 'call-budget';

/** Kinds after which GitHub may have carried out the request: it may have arrived, and only the response was lost. */
const undecided: readonly FailureKind[] = ['server-error', 'invalid-response', 'network', 'deadline'];

/** A request that got no usable response. */
export class GitHubFailure extends Error {
  override readonly name = 'GitHubFailure';
  readonly kind: FailureKind;
  readonly status: number | undefined;
  /** The permissions that GitHub accepts for the request (`X-Accepted-GitHub-Permissions`). */
  readonly acceptedPermissions: string | undefined;

  /**
   * Whether GitHub may have carried out the request despite the failure. Matters for a POST, which is not sent twice.
   */
  get mayHaveArrived(): boolean {
    return undecided.includes(this.kind);
  }

  constructor(
    kind: FailureKind,
    message: string,
    details: { status?: number | undefined; acceptedPermissions?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.status = details.status;
    this.acceptedPermissions = details.acceptedPermissions;
  }
}
