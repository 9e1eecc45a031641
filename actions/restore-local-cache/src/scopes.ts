/** Which refs' entries a run may restore, in order, and under which it saves; none: it may only read. */
export interface Scopes {
  read: string[];
  write: string | undefined;
}

interface Payload {
  repository?: { default_branch?: string; full_name?: string };
  pull_request?: { base?: { ref?: string } };
  workflow_run?: { head_repository?: { full_name?: string } };
}

/** Events that strangers can cause and that run on the default branch: what they wrote, everyone would restore. */
const readOnly = new Set([
  'pull_request_target',
  'issue_comment',
  'issues',
  'fork',
  'watch',
  'discussion',
  'discussion_comment',
]);

/**
 * GitHub's rule: a run restores from its own ref, then a pull request's base branch, then the default branch, and saves
 * under its own ref alone. Source: GitHub's page "Dependency caching reference", "Restrictions for accessing a cache".
 */
export function scopesOf(eventName: string, ref: string, payload: unknown): Scopes {
  const { repository, pull_request: pull, workflow_run: run } = (payload ?? {}) as Payload;
  const branch = (name: string | undefined) =>
    name === undefined || name === '' ? undefined : `refs/heads/${name}`;
  const read = [ref || undefined, branch(pull?.base?.ref), branch(repository?.default_branch)];
  const foreignRun =
    eventName === 'workflow_run' && run?.head_repository?.full_name !== repository?.full_name;
  const mayWrite = payload !== undefined && ref !== '' && !readOnly.has(eventName) && !foreignRun;
  return {
    read: [...new Set(read.filter((scope) => scope !== undefined))],
    write: mayWrite ? ref : undefined,
  };
}
