/** A cache scope in a runtime token. */
export interface Scope {
  Scope: string;
  /** 1: read, 2: write, 3: both. */
  Permission: number;
}

/** Creates a runtime token with the claim `ac`, as GitHub does. It has no valid signature, because only GitHub checks it. */
export function createRuntimeToken(scopes: readonly Scope[]): string {
  const parts = [{ alg: 'none' }, { ac: JSON.stringify(scopes) }].map((part) => JSON.stringify(part));
  return [...parts, 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** Returns the scopes in a token. A token without scopes may read and write `refs/heads/main`. */
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
