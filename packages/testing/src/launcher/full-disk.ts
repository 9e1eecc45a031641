import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobOptions, JobResult } from './job.ts';

const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--mount'];

/** A command that fills the disk of `RUNNER_TEMP` to the last block. After it, a job can still create empty files. */
export const fillDisk = [
  process.execPath,
  '--eval',
  `const fs = require('node:fs');
   const file = fs.openSync(process.env.RUNNER_TEMP + '/filler', 'w');
   for (let size = 65536; size > 0;)
     try { fs.writeSync(file, Buffer.alloc(size)); } catch { size = Math.floor(size / 2); }`,
];

/**
 * Runs a job whose runner folder is on its own disk of 512 KiB. A step that runs `fillDisk` fills it. The disk exists
 * only in a mount namespace, so nothing on the machine changes.
 * @returns `undefined` if the machine does not allow such a namespace
 */
export async function launchOnSmallDisk(
  options: Omit<JobOptions, 'cancel' | 'onStart'>,
): Promise<JobResult | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mount = ['mount', '-t', 'tmpfs', '-o', 'size=512k,mode=755', 'tmpfs', directory];
  if (spawnSync('unshare', [...unshare.slice(1), ...mount]).status !== 0) return undefined;
  const script = `
    const { spawnSync } = await import('node:child_process');
    spawnSync(${JSON.stringify(mount[0])}, ${JSON.stringify(mount.slice(1))}, { stdio: 'inherit' });
    const { launchJob } = await import(${JSON.stringify(join(import.meta.dirname, 'launch.ts'))});
    const result = await launchJob({ ...${JSON.stringify(options)}, directory: ${JSON.stringify(directory)} });
    process.stdout.write(JSON.stringify(result), () => process.exit());`;
  const [command = '', ...args] = [...unshare, process.execPath, '--input-type=module', '--eval', script];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(text) as JobResult;
}
