// `npm run bench`: start-up of each bundle against `node -e 0`, in turn, as ratios. Inputs are missing, so each ends at once.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listActions } from '../actions.ts';

const rounds = 15;
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const env = {
  PATH: process.env['PATH'],
  HOME: folder,
  RUNNER_TEMP: folder,
  RUNNER_ENVIRONMENT: 'github-hosted',
  GITHUB_WORKSPACE: folder,
};

function time(args: string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { env, stdio: 'ignore', cwd: folder });
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

console.log(`Node ${process.version}, ${rounds} rounds in turn; median wall time as a ratio to node -e 0`);
for (const { name, folder: action } of listActions()) {
  const pairs = Array.from(
    { length: rounds },
    () => [time([join(action, 'dist/main.js')]), time(['-e', '0'])] as const,
  );
  const ratio = median(pairs.map(([bundle, node]) => bundle / node));
  const [bundle, node] = [median(pairs.map(([own]) => own)), median(pairs.map(([, bare]) => bare))];
  console.log(
    `${name.padEnd(24)} ${ratio.toFixed(1)}x  (${bundle.toFixed(0)} ms against ${node.toFixed(0)} ms)`,
  );
}
rmSync(folder, { recursive: true, force: true });
