import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readSmallFile, writeFileAtomic } from '@runner-actions/core';
import { bootId, processAlive, readProcess, recordHelper } from '@runner-actions/host';
import { type SamplerSettings, type SeriesFiles, settingsVariable } from './series-files.ts';

/** Identifies the sampler process, so that another process with the same pid is not mistaken for it. */
interface SamplerIdentity {
  pid: number;
  startTime: number | undefined;
  boot: string | undefined;
}

/** Milliseconds that the sampler may take to end before it is killed. */
const stopTimeout = 3_000;

/**
 * Starts the sampler as a detached process. Its environment contains only a few variables and no token. It includes the
 * tracking id, so that the runner ends the sampler if the post phase never runs.
 * @throws Error if the sampler cannot be started
 */
export async function startSampler(
  script: string,
  settings: SamplerSettings,
  files: SeriesFiles,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const kept = ['PATH', 'HOME', 'RUNNER_TRACKING_ID', 'SystemRoot'];
  const env = Object.fromEntries(
    kept.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const child = spawn(process.execPath, [script], {
    cwd: parse(process.execPath).root,
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: { ...env, [settingsVariable]: JSON.stringify(settings) },
  });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  const pid = child.pid ?? 0;
  const identity: SamplerIdentity = { pid, startTime: readProcess(pid)?.startTime, boot: bootId() };
  try {
    await writeFileAtomic(files.sampler, JSON.stringify(identity));
    const temp = environment['RUNNER_TEMP'];
    if (temp) recordHelper(temp, pid);
  } catch (error) {
    // Without the first file, nothing could stop the sampler. Without the record, a clean-up would take it for an orphan.
    child.kill('SIGKILL');
    throw error;
  }
}

/** Reads the identity of the sampler; `undefined` if none was started. */
export function readIdentity(files: SeriesFiles): SamplerIdentity | undefined {
  try {
    const identity = JSON.parse(readSmallFile(files.sampler, 10_000) ?? '') as SamplerIdentity;
    // A pid of 0 or less would address a process group.
    return Number.isInteger(identity.pid) && identity.pid > 1 ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the sampler is running. Where process details cannot be read, any process with its pid counts. */
export function isRunning({ pid, startTime, boot }: SamplerIdentity): boolean {
  if (boot !== bootId()) return false;
  if (startTime !== undefined) return processAlive(pid, startTime) ?? false;
  if (process.platform === 'linux') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Stops the sampler; kills it if it does not end in time. Returns whether it was still running. */
export async function stopSampler(files: SeriesFiles): Promise<boolean> {
  // If the stop file cannot be created, for example on a full disk, the signal alone stops the sampler.
  await writeFile(files.stop, '', { flag: 'wx' }).catch(() => undefined);
  const identity = readIdentity(files);
  if (identity === undefined || !isRunning(identity)) return false;
  if (process.platform !== 'win32') signal(identity, 'SIGTERM');
  const end = performance.now() + stopTimeout;
  while (isRunning(identity) && performance.now() < end) await wait(20);
  if (isRunning(identity)) signal(identity, 'SIGKILL');
  while (isRunning(identity) && performance.now() < end + 1_000) await wait(20);
  return true;
}

function signal({ pid }: SamplerIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The sampler has already ended.
  }
}
