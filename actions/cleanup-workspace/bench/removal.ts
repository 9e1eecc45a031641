// `npm run bench`, or as root `node actions/cleanup-workspace/bench/removal.ts [--files 50000] [--rounds 5] [--on DIR …]`:
// compares the clean-up with other ways to remove a workspace, next to each other in one run. Without `--on`, it mounts
// new file systems in memory: tmpfs, and ext4, xfs and btrfs where their mkfs is installed.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rmRF } from '@actions/io';
import { readJob, startDeadline } from '@runner-actions/core';
import { findEntries, freeWorkspace } from '../src/workspace-io.ts';
import { keepByGlobs } from '../src/keep.ts';
import type { Saved } from '../src/clean.ts';
import { planWorkspace } from '../src/plan.ts';
import { removeRest } from '../src/removal.ts';
import { openTrash } from '../src/trash.ts';
import { isMount, openPlace } from '../src/workspace.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '5' },
    on: { type: 'string', multiple: true },
  },
});
const post = resolve(import.meta.dirname, '../dist/post.js');

/** Runs this script again in a mount namespace of its own, with a new file system of each kind. */
function inOwnMounts(): void {
  const base = mkdtempSync('/dev/shm/bench-');
  try {
    const kinds = ['ext4', 'xfs', 'btrfs'].filter((kind) => makeImage(base, kind));
    const mounts = kinds.map((kind) => `mount -o loop ${base}/${kind}.image ${base}/${kind}`);
    const folders = ['tmpfs', ...kinds].map((kind) => `--on ${base}/${kind}`).join(' ');
    mkdirSync(join(base, 'tmpfs'));
    const again = `${process.execPath} ${import.meta.filename} --files ${values.files} --rounds ${values.rounds} ${folders}`;
    const script = [...mounts, again].join(' && ');
    spawnSync('unshare', ['--mount', 'sh', '-c', script], { stdio: 'inherit' });
  } finally {
    rmSync(base, { recursive: true });
  }
}

function makeImage(base: string, kind: string): boolean {
  const image = join(base, `${kind}.image`);
  mkdirSync(join(base, kind));
  writeFileSync(image, '');
  truncateSync(image, 2 ** 31);
  const made = spawnSync(`mkfs.${kind}`, ['-q', image]).status === 0;
  if (!made) console.log(`${kind} is left out: mkfs.${kind} did not work.`);
  return made;
}

/** Creates as many files as asked, 9 in each folder, as facts about deletion were measured with. */
function fill(workspace: string): void {
  for (let file = 0; file < Number(values.files); file += 1) {
    const folder = join(workspace, `p${Math.floor(file / 981)}`, `d${Math.floor(file / 9) % 109}`);
    if (file % 9 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${file % 9}.js`), 'x'.repeat(200 + ((file * 37) % 3800)));
  }
}

interface Row {
  name: string;
  /** Removes the workspace. @returns milliseconds */
  measure: (folder: string, workspace: string) => Promise<number> | number;
}

const timed = async (act: () => unknown): Promise<number> => {
  const started = performance.now();
  await act();
  return performance.now() - started;
};

let whole = 0;
const rows: Row[] = [
  { name: 'rm -rf', measure: (_, workspace) => timed(() => execFileSync('rm', ['-rf', workspace])) },
  { name: 'fs.rmSync', measure: (_, workspace) => timed(() => rmSync(workspace, { recursive: true })) },
  { name: '@actions/io rmRF', measure: (_, workspace) => timed(() => rmRF(workspace)) },
  {
    name: 'clean-up, in one process, until the workspace is empty',
    measure: (folder) => inProcess(folder).free,
  },
  { name: 'clean-up, in one process, until all is removed', measure: (folder) => inProcess(folder).all },
  {
    name: 'clean-up, the post phase, until the workspace is empty',
    measure: async (folder, workspace) => {
      const measured = await inPhase(folder, workspace);
      whole = measured.all;
      return measured.free;
    },
  },
  { name: 'clean-up, the post phase, until its end', measure: () => whole },
  {
    name: 'the start of Node alone',
    measure: () => timed(() => execFileSync(process.execPath, ['-e', '0'])),
  },
];

async function compare(folder: string): Promise<void> {
  const workspace = join(folder, '_work/app/app');
  const best = rows.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [index, { measure, name }] of rows.entries()) {
      for (const name of ['app/app', '_temp', '_tool'])
        mkdirSync(join(folder, '_work', name), { recursive: true });
      if (!/until its end|alone/.test(name)) fill(workspace);
      execFileSync('sync');
      best[index] = Math.min(best[index] ?? 0, await measure(folder, workspace));
      rmSync(join(folder, '_work'), { recursive: true, force: true });
    }
  const base = best[0] ?? 1;
  const kind = execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  console.log(`\n${kind}: ${values.files} files, best of ${values.rounds}`);
  for (const [index, { name }] of rows.entries())
    console.log(
      `${name.padEnd(56)} ${(best[index] ?? 0).toFixed(0).padStart(6)} ms ${((best[index] ?? 0) / base).toFixed(2).padStart(6)}`,
    );
}

const environmentOf = (folder: string): Record<string, string> => ({
  HOME: dirname(folder),
  GITHUB_WORKSPACE: join(folder, '_work/app/app'),
  RUNNER_TEMP: join(folder, '_work/_temp'),
  RUNNER_TOOL_CACHE: join(folder, '_work/_tool'),
  RUNNER_ENVIRONMENT: 'self-hosted',
});

function inProcess(folder: string): { free: number; all: number } {
  const started = performance.now();
  const place = openPlace(readJob(environmentOf(folder)));
  const found = { isMount: isMount(place), found: findEntries(place.workspace) };
  const steps = planWorkspace(found, keepByGlobs([]));
  const own = freeWorkspace(steps, place);
  const free = performance.now() - started;
  const trash = openTrash(place.work, own);
  removeRest(steps, { place, trash }, { keep: [], protect: [] }, new Set(), startDeadline(600_000));
  return { free, all: performance.now() - started };
}

async function inPhase(folder: string, workspace: string): Promise<{ free: number; all: number }> {
  const report = join(folder, '_work/_temp/report.json');
  // The defaults, except that neither processes nor engines of the machine count here.
  const saved: Saved = {
    inputs: {
      ...{
        when: 'post',
        keep: [],
        workspace: true,
        temp: true,
        dryRun: false,
        strict: true,
        budget: 600_000,
      },
      ...{ processes: false, containers: 'off', reclaim: 'auto', diskHigh: 0.85, diskLow: 0.75 },
      maxAge: 14 * 86_400_000,
    },
    ...{ protect: [], limits: [], allowed: undefined, sudo: false, storeRoot: undefined, report },
  };
  const summary = join(folder, '_work/_temp/summary');
  writeFileSync(summary, '');
  const env = {
    ...environmentOf(folder),
    ...{ PATH: process.env['PATH'], GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
    'STATE_runner-actions': JSON.stringify(saved),
  };
  const started = performance.now();
  const child = spawn(process.execPath, [post], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  let free = 0;
  const watch = setInterval(() => {
    if (free === 0 && readdirSync(workspace).length === 0) free = performance.now() - started;
  }, 1);
  const code = await new Promise((ended) => child.on('close', ended));
  clearInterval(watch);
  if (code !== 0 || free === 0 || !/removed/.test(readFileSync(summary, 'utf8')))
    throw new Error(`The post phase failed: ${output}`);
  return { free, all: performance.now() - started };
}

if (values.on === undefined) inOwnMounts();
else for (const folder of values.on) await compare(folder);
