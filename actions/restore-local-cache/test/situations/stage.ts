import { spawn, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type CacheService,
  type CacheServiceOptions,
  type JobOptions,
  type JobResult,
  type JobStep,
  launchJob,
  startCacheService,
  withSmallDisk,
} from '@runner-actions/testing';
import { afterEach } from 'vitest';

export const action = resolve(import.meta.dirname, '../..');

type Inputs = Record<string, string>;

/** A step with the action, for `deps` under `k-1`. */
export const cache = (inputs: Inputs = {}, part = ''): JobStep => ({
  action: join(action, part),
  id: 'cache',
  with: { path: 'deps', key: 'k-1', ...inputs },
});
export const sh = (script: string): JobStep => ({ run: ['/bin/sh', '-c', script] });

/** The step that builds `deps` on a miss: two files, a folder, a symlink. */
export const build = sh(
  'mkdir -p deps/sub && echo one > deps/sub/a && echo two > "deps/b c" && ln -sfn sub/a deps/link',
);
export const show = sh('cat deps/link "deps/b c"');

export const runner = (): string => mkdtempSync(join(tmpdir(), 'runner-'));
export const storeOf = (directory: string): string => join(directory, '_work', '_runner-actions-cache');
export const leftovers = (directory: string): string[] =>
  ['staging', 'leases', 'locks'].flatMap((name) => readdirSync(join(storeOf(directory), name)));

/** Runs a job on the runner in `directory`, or on a new runner. */
export async function job(
  steps: readonly JobStep[],
  change: Partial<JobOptions> = {},
): Promise<JobResult & { cache: Inputs; post: string }> {
  const result = await launchJob({ steps, directory: runner(), ...change });
  const outputs = result.steps.find(({ id }) => id === 'cache')?.outputs ?? {};
  return { ...result, cache: outputs, post: result.posts.map(({ stdout }) => stdout).join('') };
}

/** Returns a runner whose store contains `deps` under `k-1`. */
export async function filled(inputs: Inputs = {}, change: Partial<JobOptions> = {}): Promise<string> {
  const { directory, post } = await job([cache(inputs), build], change);
  if (!post.includes('Cache: saved')) throw new Error(`nothing was saved: ${post}`);
  return directory;
}

export const warnings = ({ steps, posts }: Pick<JobResult, 'steps' | 'posts'>): string[] =>
  [...steps, ...posts].flatMap(({ annotations }) => annotations.map(({ message }) => message));

export const report = (outputs: Inputs): Record<string, unknown> =>
  JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Record<string, unknown>;

const services: CacheService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});

/** Starts a simulated cache service of GitHub until the test ends. */
export async function serve(options: CacheServiceOptions = {}): Promise<CacheService> {
  const service = await startCacheService(options);
  services.push(service);
  return service;
}

export const hosted = (service: CacheService): Partial<JobOptions> => ({
  environment: 'github-hosted',
  env: service.env,
});

/** Returns the folder of the only entry with this key. */
export function entryOf(directory: string, key = 'k-1'): string {
  const root = join(storeOf(directory), 'v3');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('entry.json'))
    .map((path) => join(root, path, '..'))
    .find(
      (folder) =>
        (JSON.parse(readFileSync(join(folder, 'entry.json'), 'utf8')) as { key: string }).key === key,
    );
  if (found === undefined) throw new Error(`there is no entry ${key}`);
  return found;
}

export const keysIn = (directory: string): string[] =>
  readdirSync(storeOf(directory), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('entry.json'))
    .map((path) => (JSON.parse(readFileSync(join(storeOf(directory), path), 'utf8')) as { key: string }).key);

/** Without permission to mount, the tests of full and read-only disks are skipped. */
export const mayMount = withSmallDisk(tmpdir(), '1m') !== undefined;

/** Whether a file system other than that of the temporary directory is available. */
export const hasOtherDisk = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync(tmpdir()).dev;

/** An address where nothing listens: the system never assigns ports this low to tests that run in parallel. */
export const closedPort = 'http://127.0.0.1:2/';

/** Runs the store command as an operator does. */
export function runCommand(
  args: string[],
  { node = process.execPath, ...options }: SpawnOptions & { node?: string } = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(node, [join(action, 'dist/store.js'), ...args], {
    env: { PATH: process.env['PATH'] },
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (part: Buffer) => (said.stdout += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (said.stderr += part.toString()));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...said })));
}
