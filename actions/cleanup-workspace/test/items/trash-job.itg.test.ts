import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPolicy } from '@runner-actions/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { action, launchAsUser, makeRunner, reason, user } from '../as-user.ts';

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
});

/**
 * Puts a program first in PATH that runs commands as root for the runner's user, as a machine's `sudo` may. It does not
 * read any rules, as `sudo` does, and keeps the environment.
 */
function standIn(): void {
  const folder = mkdtempSync(join(tmpdir(), 'sudo-'));
  folders.push(folder);
  const become = join(folder, 'setpriv');
  copyFileSync('/usr/bin/setpriv', become);
  chownSync(folder, 0, user);
  chmodSync(folder, 0o750);
  chownSync(become, 0, user);
  chmodSync(become, 0o4750);
  const program = `#!/bin/sh\nshift 2\nexec ${become} --reuid=0 --regid=0 --clear-groups "$@"\n`;
  writeFileSync(join(folder, 'sudo'), program, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

/** A strict job whose folder of root cannot be removed, but moved. */
function strictJob(policy: string, inputs: Record<string, string> = {}) {
  const directory = makeRunner(['!_work/app/app/deep/root/file']);
  chownSync(join(directory, '_work/app/app/deep'), user, user);
  const steps = [{ action, with: { when: 'now', strict: 'true', ...inputs } }];
  return launchAsUser({ steps, directory }, withPolicy(policy));
}

const allowed = 'version: 1\ncleanup:\n  sudo: true\n';

describe.skipIf(reason !== '' || withPolicy(allowed) === undefined)(
  `files of other users, in a job${reason}`,
  () => {
    it('fail a strict job only if they stay, and the log names nothing of them', () => {
      standIn();
      const { conclusion, steps, directory } = strictJob(allowed);
      expect([conclusion, steps[0]?.annotations]).toEqual(['success', []]);
      expect(steps[0]?.outputs['residue']).toBe('[]');
      expect(existsSync(join(directory, '_work/.trash'))).toBe(false);
      expect(steps[0]?.stdout).toContain('remove 1 entry, by name');

      const forbidden = strictJob('version: 1\n');
      expect(forbidden.conclusion).toBe('failure');
      expect(forbidden.steps[0]?.annotations[0]?.message).toMatch(/_work.\.trash.*another user/);
      expect(readdirSync(join(forbidden.directory, '_work/.trash'))).toHaveLength(1);
    });
  },
);
