/** A scope of a run's caches: 1 may read, 2 may write, 3 both. */
export interface Scope {
  Scope: string;
  Permission: number;
}

/** A runtime token with the claim `ac`, as GitHub's are; the signature is none, since nobody but GitHub checks it. */
export function scopedToken(scopes: readonly Scope[]): string {
  const parts = [{ alg: 'none' }, { ac: JSON.stringify(scopes) }].map((part) => JSON.stringify(part));
  return [...parts, 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** The scopes in a token; any other token may do everything in one scope. */
export function scopesIn(token: string): Scope[] {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      ac: string;
    };
    return JSON.parse(claims.ac) as Scope[];
  } catch {
    return [{ Scope: 'refs/heads/main', Permission: 3 }];
  }
}
