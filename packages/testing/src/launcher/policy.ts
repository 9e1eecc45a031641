import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMounts } from './mounts.ts';

/**
 * Returns a `wrap` command that starts a process in its own mount namespace, where `/etc/runner-actions/policy.yml`
 * contains `text`. Nothing on the machine changes.
 * @returns `undefined` if the machine does not allow such a namespace
 */
export function withPolicy(text: string): string[] | undefined {
  const etc = mkdtempSync(join(tmpdir(), 'etc-'));
  // A step may run as another user, who must be able to read the folder.
  chmodSync(etc, 0o755);
  for (const name of ['passwd', 'group', 'nsswitch.conf', 'hosts'])
    if (existsSync(join('/etc', name))) cpSync(join('/etc', name), join(etc, name));
  mkdirSync(join(etc, 'runner-actions'));
  writeFileSync(join(etc, 'runner-actions', 'policy.yml'), text);
  return withMounts([['--bind', etc, '/etc']]);
}
