import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All temporary files of a test run go to one folder, which goes away with it. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'vitest-'));
  // Some tests work as another user, who must be able to pass.
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
  return () => {
    // Only root removes from folders that tests have closed.
    spawnSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
