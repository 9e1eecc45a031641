import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** Why there can be no clean machine, for titles; '' if there can. */
export const noCleanMachine =
  process.getuid?.() !== 0
    ? ' (skipped: only root can make a root file system)'
    : has('mmdebstrap')
      ? ''
      : " (skipped: Debian's package mmdebstrap is missing)";

/** A Debian system in a folder, with Node, this action, and the sources of packages of the machine that tests it. */
export interface CleanMachine {
  root: string;
  /** Runs a program in it, as root or as another user. */
  run(argv: readonly string[], options?: RunOptions): { code: number | null; output: string };
  /** Starts the action. `kill` ends all processes of the system at once. */
  start(manifest: string, options?: RunOptions): { ended: Promise<Ended>; kill(): void };
}

export interface RunOptions {
  user?: number;
  mode?: string;
  offline?: boolean;
}

export interface Ended {
  output: string;
  outputs: Record<string, string>;
}

/** Makes the clean machine. It takes about a minute. */
export function makeCleanMachine(): CleanMachine {
  const root = join(mkdtempSync(join(tmpdir(), 'clean-')), 'root');
  execFileSync('mmdebstrap', ['--variant=minbase', '--quiet', 'bookworm', root], { stdio: 'ignore' });
  for (const path of [
    'etc/resolv.conf',
    'etc/apt/sources.list',
    'etc/apt/sources.list.d',
    'usr/share/keyrings',
  ])
    if (existsSync(`/${path}`)) cpSync(`/${path}`, join(root, path), { recursive: true, force: true });
  // The machine's own list would name the packages twice.
  if (!existsSync('/etc/apt/sources.list')) writeFileSync(join(root, 'etc/apt/sources.list'), '');
  writeFileSync(
    join(root, 'etc/apt/apt.conf.d/90tests'),
    'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n',
  );
  cpSync(process.execPath, join(root, 'usr/local/bin/node'));
  cpSync(resolve(import.meta.dirname, '../../dist'), join(root, 'action'), { recursive: true });
  mkdirSync(join(root, 'work'), { mode: 0o777 });
  writeFileSync(join(root, 'event.json'), '{}');
  const enter = (argv: readonly string[], { user = 0, offline = false }: RunOptions): string[] => [
    ...['--mount', '--pid', '--fork', '--kill-child', ...(offline ? ['--net'] : [])],
    ...[`--mount-proc=${join(root, 'proc')}`, 'chroot', `--userspec=${user}:${user}`, root, ...argv],
  ];
  const run: CleanMachine['run'] = (argv, options = {}) => {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/root' };
    const { status, stdout, stderr } = spawnSync('unshare', enter(argv, options), { encoding: 'utf8', env });
    return { code: status, output: stdout + stderr };
  };
  let count = 0;
  const start: CleanMachine['start'] = (manifest, options = {}) => {
    count += 1;
    const temp = `/tmp/job-${count}`;
    mkdirSync(join(root, temp), { mode: 0o777 });
    run(['chmod', '777', temp]);
    for (const name of ['output', 'path']) writeFileSync(join(root, temp, name), '', { mode: 0o666 });
    run(['chmod', '666', `${temp}/output`, `${temp}/path`]);
    const env = {
      ...{ PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: '/tmp', GITHUB_ACTIONS: 'true' },
      ...{
        GITHUB_WORKSPACE: '/work',
        RUNNER_TEMP: temp,
        GITHUB_REPOSITORY: 'o/r',
        GITHUB_EVENT_NAME: 'push',
      },
      ...{ GITHUB_EVENT_PATH: '/event.json', GITHUB_REF: 'refs/heads/main', INPUT_MANIFEST: manifest },
      ...{ GITHUB_OUTPUT: `${temp}/output`, GITHUB_PATH: `${temp}/path`, 'INPUT_ON-FAILURE': 'warn' },
      INPUT_MODE: options.mode ?? 'install',
    };
    const child = spawn('unshare', enter(['node', '/action/main.js'], options), { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (output += String(part)));
    const ended = new Promise<Ended>((resolveEnd) =>
      child.on('close', () => resolveEnd({ output, outputs: read(join(root, temp, 'output')) })),
    );
    return { ended, kill: () => child.kill('SIGKILL') };
  };
  return { root, run, start };
}

/** Reads outputs of one line. */
function read(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  return Object.fromEntries(
    lines.flatMap((line, index) =>
      line.includes('<<end-') ? [[line.split('<<')[0], lines[index + 1] ?? '']] : [],
    ),
  ) as Record<string, string>;
}
