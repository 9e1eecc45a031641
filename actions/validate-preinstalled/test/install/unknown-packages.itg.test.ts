import { chmodSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '../..');
const notDebian = existsSync('/etc/debian_version') ? '' : ' (skipped: needs a system with apt)';

/**
 * An apt-get that knows all packages but `nosuchpkg-…`, and changes nothing. It says so as apt does, but only in the
 * language of `LC_ALL=C`.
 */
const aptGet = `#!/bin/sh
folder=\${0%/*}
echo apt-get "$@" >> "$folder/calls"
code=0
for name in "$@"; do
  case $name in nosuchpkg-*)
    code=100
    [ "$LC_ALL" = C ] && echo "E: Unable to locate package $name" >&2 || echo "E: Paket nicht gefunden" >&2 ;;
  esac
done
[ $code = 0 ] && echo '0 upgraded, 0 newly installed.'
exit $code
`;

/** A folder for PATH with that apt-get. A user that is not root gets a `sudo` that starts what it is given. */
function programs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  const add = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  symlinkSync(process.execPath, join(folder, 'node'));
  add('apt-get', aptGet);
  add('sudo', '#!/bin/sh\nshift\nexec "$@"\n');
  return folder;
}

async function start(packages: string, mode: string, env: Record<string, string> = {}) {
  const folder = programs();
  const admin = mkdtempSync(join(tmpdir(), 'dpkg-'));
  const known = 'Package: dpkg\nStatus: install ok installed\nVersion: 1.21.22\nArchitecture: amd64\n';
  writeFileSync(join(admin, 'status'), known);
  const job = await launchJob({
    env: { PATH: folder, DPKG_ADMINDIR: admin, LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de', ...env },
    steps: [
      {
        action,
        with: { manifest: `version: 1\npackages: [{ apt: [${packages}] }]\n`, mode, 'on-failure': 'warn' },
      },
    ],
  });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  const file = join(folder, 'calls');
  const calls = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const plan = JSON.parse(step.outputs['plan'] ?? '{}') as { left?: unknown[]; rounds?: unknown[] };
  return { ...step, plan, calls, installs: calls.filter((call) => call.includes(' -y ')) };
}

describe.skipIf(notDebian !== '')(`a package that apt does not know${notDebian}`, () => {
  const why = 'apt-get says: Unable to locate package nosuchpkg-x';

  it('is left out, and the others are installed', async () => {
    const { installs, plan, annotations } = await start('one-a, nosuchpkg-x, one-b', 'install');
    expect(installs.at(-1)).toMatch(/--no-remove one-a one-b$/);
    expect(plan.left).toEqual([{ name: 'package nosuchpkg-x', why }]);
    const messages = annotations.map(({ message }) => message).join('\n');
    expect(messages).toContain(`not installed; its installation failed: ${why}`);
    expect(messages).toContain(
      'its installation changed nothing; the last line of apt is: 0 upgraded, 0 newly installed.',
    );
  });

  it('is not asked for again if there is no other', async () => {
    const { installs, outputs } = await start('nosuchpkg-x', 'install');
    expect([installs.length, outputs['status']]).toEqual([1, 'fail']);
  });
});

describe.skipIf(notDebian !== '')(`an untrusted event${notDebian}`, () => {
  it('starts no apt-get and no sudo, not even to ask', async () => {
    for (const mode of ['plan', 'install']) {
      const { calls, plan } = await start('one-a', mode, { GITHUB_EVENT_NAME: 'issue_comment' });
      expect([calls, plan.rounds?.length]).toEqual([[], 1]);
    }
  });

  it('has the commands whole in the summary', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `package-${index + 100}`);
    const env = { GITHUB_EVENT_NAME: 'issue_comment' };
    const { summary } = await start(names.join(', '), 'install', env);
    const block = /```\n([^`]*)\n```/.exec(summary)?.[1]?.split('\n');
    expect(block?.at(-1)?.endsWith(names.join(' '))).toBe(true);
  });
});
