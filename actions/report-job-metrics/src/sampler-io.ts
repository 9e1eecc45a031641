import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readSmallFile, writeFileAtomic } from '@runner-actions/core';
import { bootId, processAlive, readProcess } from '@runner-actions/host';
import { type SamplerSettings, type SeriesFiles, settingsVariable } from './series-files.ts';

/** Names one process of one boot, so that another one with its pid is never taken for it. */
interface SamplerIdentity {
  pid: number;
  startTime: number | undefined;
  boot: string | undefined;
}

/** How long the sampler may take to end before it is killed. Milliseconds. */
const grace = 3_000;

/**
 * Starts the sampler apart from this process. Its environment is a short list, so that no token is in it; the tracking
 * id is, so that the runner ends it should post never run. @throws Error when it cannot be started.
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
  await writeFileAtomic(files.sampler, JSON.stringify(identity));
}

/** Who samples; `undefined` when nobody was started. */
export function readIdentity(files: SeriesFiles): SamplerIdentity | undefined {
  try {
    const identity = JSON.parse(readSmallFile(files.sampler, 10_000) ?? '') as SamplerIdentity;
    // 0 and less are groups of processes.
    return Number.isInteger(identity.pid) && identity.pid > 1 ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the sampler runs. Where processes cannot be read, any process with its pid counts. */
export function isAlive({ pid, startTime, boot }: SamplerIdentity): boolean {
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

/** Ends the sampler, by force if need be, and answers whether it was still running. */
export async function stopSampler(files: SeriesFiles): Promise<boolean> {
  // Where the disk has no room for it, or something else is there, the signal has to do.
  await writeFile(files.stop, '', { flag: 'wx' }).catch(() => undefined);
  const identity = readIdentity(files);
  if (identity === undefined || !isAlive(identity)) return false;
  if (process.platform !== 'win32') signal(identity, 'SIGTERM');
  const end = performance.now() + grace;
  while (isAlive(identity) && performance.now() < end) await wait(20);
  if (isAlive(identity)) signal(identity, 'SIGKILL');
  while (isAlive(identity) && performance.now() < end + 1_000) await wait(20);
  return true;
}

function signal({ pid }: SamplerIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
}
