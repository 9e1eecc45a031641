import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMounts } from './mounts.ts';

/**
 * For `wrap`: starts a process in a mount namespace of its own where `/etc/runner-actions/policy.yml` is `text`, so that
 * nothing of the machine changes. `undefined` where the machine allows no such namespace.
 */
export function withPolicy(text: string): string[] | undefined {
  const etc = mkdtempSync(join(tmpdir(), 'etc-'));
  // A step may work as another user.
  chmodSync(etc, 0o755);
  for (const name of ['passwd', 'group', 'nsswitch.conf', 'hosts'])
    if (existsSync(join('/etc', name))) cpSync(join('/etc', name), join(etc, name));
  mkdirSync(join(etc, 'runner-actions'));
  writeFileSync(join(etc, 'runner-actions', 'policy.yml'), text);
  return withMounts([['--bind', etc, '/etc']]);
}
