// Measures the whole action, including the start of Node, for an exact hit with a lease. Run `npm run bench`, or `node
// actions/restore-local-cache/bench/action.ts`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';

const action = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-'));
const make =
  'mkdir deps && cd deps && for d in $(seq 300); do mkdir d$d && for f in $(seq 100); do echo "$d $f" > d$d/f$f; done; done';
// As after a checkout: the configuration is read from there, not from GitHub.
const checkout = { run: ['/bin/sh', '-c', 'mkdir -p .git && echo "$GITHUB_SHA" > .git/HEAD'] };
const cache = { action, id: 'cache', with: { path: 'deps', key: 'k', remote: 'off' } };
try {
  await launchJob({ directory, steps: [checkout, cache, { run: ['/bin/sh', '-c', make] }] });
  await launchJob({ directory, steps: [checkout, cache] });
  const times = [];
  const posts = [];
  for (let round = 0; round < 7; round += 1) {
    const { steps, posts: ended } = await launchJob({ directory, steps: [checkout, cache] });
    if (steps[1]?.outputs['mode'] !== 'lease') throw new Error(`no lease: ${steps[1]?.stdout}`);
    times.push(steps[1].milliseconds);
    posts.push(ended[0]?.milliseconds ?? Number.NaN);
  }
  const bare = Array.from({ length: 7 }, () => {
    const started = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - started;
  });
  const [main, post, node] = [times, posts, bare].map((all) => Math.round(Math.min(...all)));
  console.log(
    `\nThe action, 30,000 files, exact hit: main ${main} ms, post with check-in ${post} ms; node -e 0 ${node} ms`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
