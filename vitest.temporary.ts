import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Puts all temporary files of a test run into one folder. Returns a function that removes the folder after the run. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'vitest-'));
  // Some tests run as another user, who must be able to enter this folder.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
  return () => {
    // Some tests remove permissions from folders. Without chmod, only root could empty these.
    spawnSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
