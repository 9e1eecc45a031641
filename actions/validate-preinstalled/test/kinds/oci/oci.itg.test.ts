import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isUnknown, listProcesses, readProcess } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { checkCommand, readFinding } from '../check-command.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const has = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
// The Debian packages runc and crun bring these programs.
const [runc, crun] = [has('runc') && isRoot, has('crun') && isRoot && has('unshare')];

interface Options {
  mount?: 'cgroup2' | 'tmpfs';
  user?: number;
  PATH?: string;
  /** Time limit of the check. */
  seconds?: number;
}

interface Ended {
  stdout: string;
  signal?: string;
}

/** Runs the check in a process and a temporary folder of its own. */
async function checkOci(section: object, options: Options = {}, folder = emptyFolder()) {
  const { mount = '-', user = 0, PATH = process.env['PATH'] ?? '', seconds = 60 } = options;
  chmodSync(folder, 0o777);
  const become = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const command = [...(user === 0 ? [] : become), ...checkCommand('oci', section), `--timeout=${seconds}`];
  const mounted = `mount -t ${mount} none /sys/fs/cgroup && exec "$@"`;
  const [file = '', ...args] =
    mount === '-' ? command : ['unshare', '--mount', 'sh', '-c', mounted, '-', ...command];
  const env = { PATH, TMPDIR: folder, HOME: folder };
  // The exit code tells whether the requirement is met.
  const { stdout, signal }: Ended = await run(file, args, { env }).catch((error: Ended) => error);
  if (signal) throw new Error(`ended by ${signal}`);
  return { finding: readFinding(stdout), remaining: containersIn(folder, user) };
}

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'oci-test-'));

function containersIn(folder: string, user = 0): string[] {
  const own = join(folder, `runner-actions-oci-${user}`);
  return existsSync(own) ? readdirSync(own).map((name) => join(own, name)) : [];
}

/** Returns a PATH on which `runc` is a program that does something else for one command. */
function pathWithRunc(command: string, instead: string, except = '--force'): string {
  const folder = emptyFolder();
  const real = execFileSync('which', ['runc'], { encoding: 'utf8' }).trim();
  const script = `#!${process.execPath}
const { spawnSync } = require('node:child_process');
const args = process.argv.slice(2);
const real = () => spawnSync(${JSON.stringify(real)}, args, { stdio: 'inherit' }).status;
if (args.includes('${command}') && !args.includes('${except}')) { ${instead} } else process.exit(real());
`;
  writeFileSync(join(folder, 'runc'), script, { mode: 0o755 });
  return `${folder}:${process.env['PATH'] ?? ''}`;
}

describe('oci', () => {
  it.skipIf(!runc)('passes when runc runs a container as root, and leaves nothing', async () => {
    const { finding, remaining } = await checkOci({ runtime: 'runc', required: 'all' });
    expect(finding).toMatchObject({ status: 'pass', found: expect.stringMatching(/^runc \(delete after/) });
    expect(remaining).toEqual([]);
  });

  it.skipIf(!runc)('passes when runc runs a container as a user without a name', async () => {
    const { finding, remaining } = await checkOci({ runtime: 'runc', rootless: true }, { user: 4242 });
    expect(finding).toMatchObject({ status: 'pass' });
    expect(remaining).toEqual([]);
  });

  it.skipIf(!crun)('passes when crun runs a container as root', async () => {
    const { finding, remaining } = await checkOci({ runtime: 'crun', required: 'all' }, { mount: 'cgroup2' });
    expect(finding).toMatchObject({ status: 'pass' });
    expect(remaining).toEqual([]);
  });

  it.skipIf(!crun)('passes when crun runs a container as another user', async () => {
    const options = { mount: 'tmpfs', user: 4242 } as const;
    const { finding, remaining } = await checkOci({ runtime: 'crun', rootless: true }, options);
    expect(finding).toMatchObject({ status: 'pass' });
    expect(remaining).toEqual([]);
  });

  it.skipIf(!crun || !runc)('passes with one runtime that works, and tells the other', async () => {
    const { finding } = await checkOci({ runtime: ['runc', 'crun'] }, { mount: 'tmpfs', user: 4242 });
    expect(finding).toMatchObject({
      status: 'pass',
      notice: expect.stringMatching(/^runc fails at create: /),
    });
    const all = await checkOci({ required: 'all' }, { mount: 'tmpfs', user: 4242 });
    expect(all.finding).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(/^runc fails at create: /),
    });
  });

  it.skipIf(!runc)('creates a container and does not start it with lifecycle: [create]', async () => {
    const PATH = pathWithRunc('start', 'process.exit(1);');
    const { finding, remaining } = await checkOci({ runtime: 'runc', lifecycle: ['create'] }, { PATH });
    expect(finding).toMatchObject({ status: 'pass' });
    expect(remaining).toEqual([]);
  });

  it.skipIf(!runc).each([
    ['kill', "console.error('no such luck'); process.exit(1);", 'runc fails at kill: no such luck'],
    ['start', '', 'runc fails at start: the container is created, not running'],
    ['delete', '', 'runc fails at delete: the runtime still knows the container'],
  ])('fails when %s does %j, and removes the container', async (command, instead, found) => {
    const folder = emptyFolder();
    const kept = join(folder, 'pid');
    const note = `if (args.includes('${command}')) require('node:fs').writeFileSync('${kept}', JSON.stringify(args));`;
    const PATH = pathWithRunc(command, `${note} ${instead}`);
    const { finding, remaining } = await checkOci({ runtime: 'runc' }, { PATH }, folder);
    expect(finding).toMatchObject({ status: 'fail', found });
    expect(remaining).toEqual([]);
    const id =
      (JSON.parse(readFileSync(kept, 'utf8')) as string[]).find((one) => one.startsWith('oci-')) ?? '';
    expect(id).not.toBe('');
    expect(processesNaming(id)).toEqual([]);
  });

  it.skipIf(!runc)('removes the container of a check that was killed', async () => {
    const folder = emptyFolder();
    const PATH = pathWithRunc('start', "real(); process.kill(process.ppid, 'SIGKILL');");
    await expect(checkOci({ runtime: 'runc' }, { PATH }, folder)).rejects.toThrow('ended by SIGKILL');
    const [left = ''] = containersIn(folder);
    const state = JSON.parse(
      readFileSync(join(left, 'state-runc', left.split('/').at(-1) ?? '', 'state.json'), 'utf8'),
    );
    const { init_process_pid: pid } = state as { init_process_pid: number };
    expect(readProcess(pid)?.zombie).toBe(false);
    const { finding, remaining } = await checkOci({ runtime: 'runc' }, {}, folder);
    expect(finding).toMatchObject({ status: 'pass' });
    expect(remaining).toEqual([]);
    expect(readProcess(pid)?.zombie ?? true).toBe(true);
  });

  it.skipIf(!runc)('removes the container also when the time of the check is over', async () => {
    const PATH = pathWithRunc('start', 'setInterval(() => undefined, 1000);');
    const { finding, remaining } = await checkOci({ runtime: 'runc' }, { PATH, seconds: 3 });
    expect(finding).toMatchObject({ status: 'fail', found: expect.stringMatching(/: no answer in time$/) });
    expect(remaining).toEqual([]);
  });

  it.skipIf(!runc)(
    'keeps what the runtime needs to remove a container that it cannot remove now',
    async () => {
      const folder = emptyFolder();
      const PATH = pathWithRunc('delete', 'process.exit(1);', '');
      const { remaining } = await checkOci({ runtime: 'runc' }, { PATH }, folder);
      expect(remaining).toHaveLength(1);
      expect((await checkOci({ runtime: 'runc' }, {}, folder)).remaining).toEqual([]);
    },
  );

  it.skipIf(!runc)('does not use a folder that others can write', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'runner-actions-oci-0'));
    chmodSync(join(folder, 'runner-actions-oci-0'), 0o777);
    const { finding } = await checkOci({ runtime: 'runc' }, {}, folder);
    expect(finding).toMatchObject({
      status: 'error',
      found: expect.stringContaining('only this user can write'),
    });
  });

  it.each([
    [{}, 'skip', 'not checked: crun and runc not on PATH'],
    [{ runtime: 'runc' }, 'skip', 'not checked: runc not on PATH'],
    [{ required: 'any' }, 'fail', 'crun and runc not on PATH'],
    [{ runtime: 'crun', required: 'all' }, 'fail', 'crun not on PATH'],
  ])('on a machine without a runtime, with %j: %s', async (section, status, found) => {
    const { finding } = await checkOci(section, { PATH: emptyFolder() });
    expect(finding).toMatchObject({ status, found });
  });
});

/** Returns the processes that run in a cgroup of this name. A zombie only waits for its parent. */
function processesNaming(id: string): number[] {
  const all = listProcesses();
  const running = isUnknown(all) ? [] : all.filter(({ zombie }) => !zombie);
  return running.map(({ pid }) => pid).filter((pid) => cgroupOf(pid).includes(id));
}

function cgroupOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return '';
  }
}
