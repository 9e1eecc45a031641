import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '@runner-actions/core';
import { isUnknown, type MaybeUnknown, readKernelStart } from '@runner-actions/host';
import type { Machine } from '../kinds/kind.ts';
import { probeEnvironment } from '../probe-environment.ts';
import type { Service } from './service.ts';
import { parseUnits, properties } from './systemd.ts';

/** Milliseconds for systemd to answer. */
const timeout = 10_000;
const limitBytes = 4 * 2 ** 20;

export type ServiceManager = 'systemd' | 'openrc';

/** Returns what manages the services of this machine. Source: sd_booted(3); openrc-run(8). @param root for tests */
export function serviceManager(root = '/', platform = process.platform): MaybeUnknown<ServiceManager> {
  if (platform !== 'linux') return { unknown: `services cannot be read on ${platform}` };
  if (existsSync(join(root, 'run/systemd/system'))) return 'systemd';
  if (existsSync(join(root, 'run/openrc'))) return 'openrc';
  const first = (readKernelStart({ root }, '/proc/1/comm', 64) ?? '').trim();
  return {
    unknown: `neither systemd nor OpenRC manages services here (the first process is ${first || 'unknown'}), as in a container`,
  };
}

/** Finds a unit of systemd. All that are loaded are asked for at once; others one by one. */
export async function findUnit(name: string, machine: Machine): Promise<MaybeUnknown<Service>> {
  const loaded = await machine.once('systemd units', () => showUnits('*', machine));
  if (isUnknown(loaded)) return loaded;
  const found = loaded.get(name);
  if (found !== undefined) return found;
  const asked = await showUnits(name, machine);
  if (isUnknown(asked)) return asked;
  return asked.get(name) ?? { unknown: `systemctl says nothing about ${name}` };
}

async function showUnits(pattern: string, machine: Machine): Promise<MaybeUnknown<Map<string, Service>>> {
  const argv = ['systemctl', 'show', '--no-pager', `--property=${properties}`, '--', pattern];
  const env = { ...probeEnvironment(machine.job.environment), SYSTEMD_PAGER: '', SYSTEMD_COLORS: '0' };
  const { status, code, stdout, stderr, truncated } = await execute(argv, {
    ...{ env, deadline: machine.deadline, timeout, limitBytes },
  });
  if (status === 'exited' && code === 0 && !truncated) return parseUnits(stdout);
  if (status === 'not-started') return { unknown: 'systemctl is not on PATH' };
  const [line = ''] = stderr.trim().split('\n', 1);
  return { unknown: `systemctl ended with ${code ?? status}${line === '' ? '' : `: ${line.slice(0, 200)}`}` };
}

/**
 * Reads a service of OpenRC from its folders. Source: openrc-run(8), rc-status(8).
 * @param root for tests
 */
export function readOpenrcService(name: string, root = '/'): Service {
  // Its marks are links to the script of the service.
  const at = (...parts: string[]): boolean =>
    lstatSync(join(root, ...parts), { throwIfNoEntry: false }) !== undefined;
  const marks = { failed: 'failed', activating: 'starting', inactive: 'inactive', active: 'started' };
  const [state = 'inactive'] = Object.entries(marks).find(([, mark]) => at('run/openrc', mark, name)) ?? [];
  const levels = namesIn(join(root, 'etc/runlevels'));
  const enabled = levels.some((level) => at('etc/runlevels', level, name));
  return {
    ...{ name, exists: at('etc/init.d', name), isUnreadable: false, state, result: '' },
    ...{ enabled, enabledState: enabled ? 'enabled' : 'disabled' },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
