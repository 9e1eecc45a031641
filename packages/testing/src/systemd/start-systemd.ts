import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A copy of this machine, in which systemd is the first process. Its files, processes and network are its own. */
export interface Systemd {
  /** Runs a command inside, as root, and waits for its end. @param input for the command to read */
  run(argv: readonly string[], input?: string): SpawnSyncReturns<string>;
  /** Ends all its processes, and removes what it wrote. */
  end(): Promise<void>;
}

const cgroups = '/sys/fs/cgroup';
const programs = ['bash', 'unshare', 'nsenter', 'setpriv', 'chroot', 'mount', 'systemctl'];
/** Milliseconds to boot. */
const limit = 60_000;

/** Returns why systemd cannot be started on this machine; `undefined` if it can. */
export function systemdMissing(): string | undefined {
  if (process.platform !== 'linux') return 'it is no Linux';
  if (process.getuid?.() !== 0) return 'only root can start systemd';
  const folders = (process.env['PATH'] ?? '').split(':');
  const missing = programs.find((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (missing !== undefined) return `there is no ${missing}`;
  if (!existsSync('/lib/systemd/systemd')) return 'systemd is not installed';
  const probe = spawnSync('unshare', [
    '--mount',
    '--pid',
    '--fork',
    '--cgroup',
    '--net',
    'mount',
    '-t',
    'tmpfs',
    'tmpfs',
    tmpdir(),
  ]);
  return probe.status === 0 ? undefined : 'namespaces and mounts are refused here, as in a container';
}

/**
 * Starts systemd, and waits until it has booted. It ends with this process at the latest.
 * @param paths folders of this machine that the copy must show, read-only, also where they are mounts
 * @throws Error with systemd's output if it does not boot
 */
export async function startSystemd(paths: readonly string[] = []): Promise<Systemd> {
  const folder = mkdtempSync(join(tmpdir(), 'systemd-'));
  const [root, log] = [join(folder, 'root'), join(folder, 'log')];
  mkdirSync(root);
  const name = `runner-actions-test-${randomUUID()}`;
  const output = openSync(log, 'w');
  const boot = join(import.meta.dirname, 'boot.sh');
  const outer = spawn('setpriv', ['--pdeathsig', 'KILL', 'bash', boot, root, name, ...paths], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(outer, 'exit');
  const run = (argv: readonly string[], input = ''): SpawnSyncReturns<string> => {
    const first = childOf(outer.pid ?? 0);
    const enter = ['--target', String(first), '-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w'];
    return spawnSync('nsenter', [...enter, ...argv], { encoding: 'utf8', input });
  };
  const end = async (): Promise<void> => {
    const first = childOf(outer.pid ?? 0);
    if (first !== undefined) process.kill(first, 'SIGKILL');
    else outer.kill('SIGKILL');
    await ended;
    for (const hierarchy of ['.', ...readdirSync(cgroups)]) removeCgroups(join(cgroups, hierarchy, name));
    // Not recursive: a mount that is still there would be emptied.
    rmdirSync(root);
    rmSync(folder, { recursive: true });
  };
  const start = performance.now();
  while (!isBooted(run)) {
    if (outer.exitCode !== null || performance.now() - start > limit) {
      const said = readFileSync(log, 'utf8');
      await end();
      throw new Error(`systemd did not boot:\n${said}`);
    }
    await wait(50);
  }
  return { run, end };
}

/** Degraded: a unit of this machine failed, which is none of the test's. */
const isBooted = (run: Systemd['run']): boolean =>
  ['running\n', 'degraded\n'].includes(run(['systemctl', 'is-system-running']).stdout);

/** Returns the only child of a process. */
function childOf(pid: number): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return child === '' ? undefined : Number(child);
  } catch {
    return undefined;
  }
}

/** A folder of cgroups has files that nobody can remove, so only folders are. */
function removeCgroups(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeCgroups(join(folder, entry.name));
  rmdirSync(folder);
}
