// Part of `npm run bench`: compares the start-up of each phase with `node -e 0`, in alternating rounds. Prints the
// ratios of wall time and, on Linux, of CPU time. The phases have nothing to do: inputs are missing, and main left no
// state for post.
// Usage: `node dist-check/bench/startup.ts [ROUNDS]`, by default 40 rounds.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listActions } from '../actions.ts';

const rounds = Number(process.argv[2] ?? 40);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const workspace = join(folder, '_work', 'app', 'app');
mkdirSync(workspace, { recursive: true });
const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY'].map(
  (name) => [`GITHUB_${name}`, join(folder, name)] as const,
);
const env = {
  PATH: process.env['PATH'],
  HOME: folder,
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'octo/app',
  RUNNER_TEMP: folder,
  RUNNER_ENVIRONMENT: 'self-hosted',
  GITHUB_WORKSPACE: workspace,
  ...Object.fromEntries(files),
};

interface Case {
  name: string;
  args: string[];
  wall: number[];
  /** CPU time of all rounds together, in hundredths of a second, the resolution of /proc. */
  cpu: number;
}

function run(one: Case): void {
  for (const [, path] of files) writeFileSync(path, '');
  const [start, before] = [performance.now(), cpuOfChildren()];
  spawnSync(process.execPath, one.args, { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: workspace });
  one.wall.push(performance.now() - start);
  one.cpu += cpuOfChildren() - before;
}

/**
 * Returns the CPU time of finished child processes, in hundredths of a second. Source: proc_pid_stat(5), cutime and
 * cstime.
 */
function cpuOfChildren(): number {
  if (process.platform !== 'linux') return Number.NaN;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[13]) + Number(fields[14]);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const bare: Case = { name: 'node -e 0', args: ['-e', '0'], wall: [], cpu: 0 };
const cases = listActions().flatMap(({ name, folder: action, parts }) =>
  ['main', 'post', ...parts.map((part) => part.name)]
    .map((phase) => ({ phase, script: join(action, 'dist', `${phase}.js`) }))
    .filter(({ script }) => existsSync(script))
    .map(({ phase, script }): Case => ({ name: `${name} ${phase}`, args: [script], wall: [], cpu: 0 })),
);
for (let round = 0; round < rounds; round += 1) for (const one of [bare, ...cases]) run(one);
const node = median(bare.wall);
console.log(
  `Node ${process.version}, ${rounds} alternating rounds; node -e 0: ${node.toFixed(0)} ms wall, ${(bare.cpu * 10) / rounds} ms CPU`,
);
for (const { name, wall, cpu } of cases) {
  const ratios = `${(median(wall) / node).toFixed(2)}x wall  ${(cpu / bare.cpu).toFixed(2)}x CPU`;
  console.log(`${name.padEnd(32)} ${ratios}`);
}
rmSync(folder, { recursive: true, force: true });
