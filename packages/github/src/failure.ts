/**
 * Why GitHub gave no usable answer. All of them mean "unknown": none says that something is not there,
 * but `not-found`, and even that one also stands for a missing permission.
 */
export type FailureKind =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'rejected'
  | 'server-error'
  | 'invalid-response'
  | 'network'
  | 'deadline'
  | 'call-budget';

/** Kinds that leave open whether a request was carried out: it may have arrived, and only the answer got lost. */
const open: readonly FailureKind[] = ['server-error', 'invalid-response', 'network', 'deadline'];

/** A request that got no usable answer. */
export class GitHubFailure extends Error {
  override readonly name = 'GitHubFailure';
  readonly kind: FailureKind;
  readonly status: number | undefined;
  /** What GitHub says would have been enough (`X-Accepted-GitHub-Permissions`). */
  readonly acceptedPermissions: string | undefined;

  /** Whether the request may have been carried out all the same. Matters to a POST, which is not sent twice. */
  get mayHaveArrived(): boolean {
    return open.includes(this.kind);
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
