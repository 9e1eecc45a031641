import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type EngineKind = 'docker' | 'podman';

/** A container engine that a test started in a folder of its own. */
export interface RealEngine {
  socket: string;
  /** Why it cannot run containers on this machine, as the end of a sentence; `undefined` if it can. */
  cannotRun: string | undefined;
  /** Calls the engine. Returns the parsed answer; `undefined` for the status 404. */
  call(method: string, path: string, body?: object | Buffer): Promise<unknown>;
  /** Imports an image with busybox. Two images with different notes have different ids. */
  importImage(name: string, note?: string): Promise<void>;
  /** Creates a container of the image `busybox`, without a network. Returns its id. */
  create(name: string, options?: CreateOptions): Promise<string>;
  /** Ends the engine and all its containers, and removes its folder. */
  close(): Promise<void>;
}

export interface CreateOptions {
  /** Commands for a shell. Default: wait. */
  script?: string;
  /** Such as `/host:/inside`, or `/inside` for an anonymous volume. */
  volumes?: readonly string[];
  labels?: Record<string, string>;
  restart?: string;
  network?: string;
  autoRemove?: boolean;
}

/** Returns why no engine of this kind can be started on this machine; `undefined` if one can. */
export function engineMissing(kind: EngineKind): string | undefined {
  if (process.platform !== 'linux') return 'it is no Linux';
  if (process.getuid?.() !== 0) return 'only root can start an engine';
  const programs = ['unshare', 'tar', 'busybox', ...(kind === 'docker' ? ['dockerd'] : ['podman', 'runc'])];
  const missing = programs.find((name) => programPath(name) === undefined);
  return missing === undefined ? undefined : `there is no ${missing}`;
}

const programPath = (name: string): string | undefined =>
  ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/**
 * Starts an engine. All its files are in one folder. Its mounts and network devices are in namespaces of its own, so that
 * they disappear with it.
 */
export async function startRealEngine(kind: EngineKind): Promise<RealEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'e-'));
  const socket = join(folder, 's');
  const [program, ...args] = kind === 'docker' ? dockerCommand(folder) : podmanCommand(folder);
  const log = openSync(join(folder, 'log'), 'w');
  const daemon = spawn('unshare', ['--mount', '--net', program, ...args], {
    stdio: ['ignore', log, log],
    env: { ...process.env, CONTAINERS_CONF: join(folder, 'containers.conf') },
  });
  await answers(socket, daemon);
  const call: RealEngine['call'] = (method, path, body) => send(socket, method, path, body);
  const importImage: RealEngine['importImage'] = async (name, note = '') => {
    await call('POST', `/images/create?fromSrc=-&repo=${name}&tag=latest`, rootFilesystem(folder, note));
  };
  const create: RealEngine['create'] = async (name, options) => {
    const answer = await call('POST', `/containers/create?name=${name}`, containerOptions(options));
    return (answer as { Id: string }).Id;
  };
  await importImage('busybox');
  const engine = { socket, call, importImage, create, close: () => close(daemon, folder, call) };
  return { ...engine, cannotRun: await tryToRun(engine) };
}

function dockerCommand(folder: string): [string, ...string[]] {
  writeFileSync(join(folder, 'daemon.json'), '{}');
  return [
    ...(['dockerd', '--config-file', join(folder, 'daemon.json'), '--host', `unix://${folder}/s`] as const),
    ...[
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'x'),
      '--pidfile',
      join(folder, 'pid'),
    ],
    ...[
      '--storage-driver=vfs',
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      '--ip-forward=false',
    ],
    ...['--containerd-namespace', `test-${process.pid}`, '--group', '0'],
  ];
}

function podmanCommand(folder: string): [string, ...string[]] {
  const lines = [
    ...['[containers]', 'default_ulimits=["nofile=1024:1024","nproc=1024:1024"]', '[engine]'],
    ...['cgroup_manager="cgroupfs"', 'runtime="runc"', 'events_logger="none"', 'lock_type="file"'],
  ];
  writeFileSync(join(folder, 'containers.conf'), lines.join('\n'));
  return [
    ...(['podman', '--root', join(folder, 'data'), '--runroot', join(folder, 'x')] as const),
    ...['--tmpdir', join(folder, 'tmp'), '--network-config-dir', join(folder, 'networks')],
    ...['--storage-driver', 'vfs', 'system', 'service', '--time=0', `unix://${folder}/s`],
  ];
}

async function answers(socket: string, daemon: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (daemon.exitCode !== null) break;
    const ready = await send(socket, 'GET', '/info').then(
      () => true,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  daemon.kill();
  throw new Error(`The engine does not start. See the file 'log' beside ${socket}.`);
}

async function send(socket: string, method: string, path: string, body?: object | Buffer): Promise<unknown> {
  const isBytes = Buffer.isBuffer(body);
  const headers = { host: 'x', 'content-type': isBytes ? 'application/x-tar' : 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: socket, method, path: `/v1.41${path}`, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        const { statusCode = 0 } = answer;
        if (statusCode === 404 && method !== 'POST') return resolve(undefined);
        if (statusCode >= 400) return reject(new Error(`${method} ${path}: ${statusCode} ${text}`));
        // The progress of an import is a list of JSON texts.
        resolve(text === '' || path.startsWith('/images/create') ? null : JSON.parse(text));
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined || isBytes ? body : JSON.stringify(body));
  });
}

/** Makes an archive of a file system with nothing but busybox. */
function rootFilesystem(folder: string, note: string): Buffer {
  const root = mkdtempSync(join(folder, 'root-'));
  mkdirSync(join(root, 'bin'));
  copyFileSync(programPath('busybox') ?? '', join(root, 'bin', 'busybox'));
  for (const name of ['sh', 'sleep', 'touch', 'echo', 'rm', 'stat'])
    symlinkSync('busybox', join(root, 'bin', name));
  writeFileSync(join(root, 'note'), note);
  return execFileSync('tar', ['-C', root, '-cf', '-', '.'], { maxBuffer: 64 * 2 ** 20 });
}

function containerOptions(options: CreateOptions = {}): object {
  const { script = 'while :; do sleep 1; done', volumes = [], labels = {}, restart = 'no' } = options;
  const anonymous = volumes.filter((volume) => !volume.includes(':'));
  return {
    ...{ Image: 'busybox', Cmd: ['/bin/sh', '-c', script], Labels: labels },
    Volumes: Object.fromEntries(anonymous.map((path) => [path, {}])),
    HostConfig: {
      Binds: volumes.filter((volume) => volume.includes(':')),
      NetworkMode: options.network ?? 'none',
      ...{ RestartPolicy: { Name: restart }, AutoRemove: options.autoRemove ?? false },
    },
  };
}

async function tryToRun({ call, create }: Pick<RealEngine, 'call' | 'create'>): Promise<string | undefined> {
  const id = await create('try');
  try {
    await call('POST', `/containers/${id}/start`);
    return undefined;
  } catch (error) {
    return `this machine runs no containers: ${(error as Error).message}`;
  } finally {
    await call('DELETE', `/containers/${id}?force=1&v=1`);
  }
}

async function close(daemon: ChildProcess, folder: string, call: RealEngine['call']): Promise<void> {
  const left = (await call('GET', '/containers/json?all=1')) as { Id: string }[];
  for (const { Id } of left) await call('DELETE', `/containers/${Id}?force=1&v=1`);
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  daemon.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
