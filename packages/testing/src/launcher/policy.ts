import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Not a shell: it would drop variables such as `STATE_runner-actions`, whose names are no shell's. */
const enter = `
const { spawnSync } = require('node:child_process');
const [etc, command, ...args] = process.argv.slice(1);
if (spawnSync('mount', ['--bind', etc, '/etc'], { stdio: 'inherit' }).status !== 0) process.exit(125);
process.exit(spawnSync(command, args, { stdio: 'inherit' }).status ?? 126);
`;

/**
 * For `wrap`: starts a process in a mount namespace of its own where `/etc/runner-actions/policy.yml` is `text`, so that
 * nothing of the machine changes. `undefined` where the machine allows no such namespace.
 */
export function withPolicy(text: string): string[] | undefined {
  const etc = mkdtempSync(join(tmpdir(), 'etc-'));
  for (const name of ['passwd', 'group', 'nsswitch.conf', 'hosts'])
    if (existsSync(join('/etc', name))) cpSync(join('/etc', name), join(etc, name));
  mkdirSync(join(etc, 'runner-actions'));
  writeFileSync(join(etc, 'runner-actions', 'policy.yml'), text);
  const options = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const wrap = ['unshare', ...options, process.execPath, '--eval', enter, etc];
  return spawnSync(wrap[0] ?? '', [...wrap.slice(1), 'true']).status === 0 ? wrap : undefined;
}
