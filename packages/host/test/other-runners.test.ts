import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { otherRunners } from '../src/other-runners.ts';
import { ownContainer } from '../src/own-container.ts';
import { parseRunnerFile } from '../src/runner-label.ts';
import { kernelTree } from './kernel-tree.ts';

const stat = (pid: number, ticks = 777): string =>
  `${pid} (x) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 ${ticks} 1000 10`;

/** A machine with the first process and these. */
function machine(commands: Record<number, string>, files: Record<string, string> = {}) {
  const processes = Object.entries({ 1: '/sbin/init', ...commands }).flatMap(([pid, command]) => [
    [`proc/${pid}/stat`, stat(Number(pid))],
    [`proc/${pid}/cmdline`, command.replaceAll(' ', '\0')],
  ]);
  return kernelTree({ ...Object.fromEntries(processes), ...files });
}

/** Creates the folder of a runner, which has its own parent folder. */
function runner(name = 'r1', parent = realpathSync(mkdtempSync(join(tmpdir(), 'runners-')))): string {
  const root = join(parent, name);
  mkdirSync(join(root, '_work'), { recursive: true });
  writeFileSync(join(root, '.runner'), JSON.stringify({ agentName: name, workFolder: '_work' }));
  return root;
}

describe("the runner's label", () => {
  const label = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 6);

  it('is the hash of the file in lower case, without the byte order mark', () => {
    expect(parseRunnerFile('\uFEFF{"agentName": "Build-1"}').label).toBe(label('{"agentname": "build-1"}'));
  });

  it('is the one that the runner gives', () => {
    // Computed by .NET's rules by hand: no character changes its length, and a final sigma is not special.
    expect(parseRunnerFile('ΣΑΣ İ').label).toBe(label('σασ İ'));
  });

  it('does not need a valid file', () => {
    expect(parseRunnerFile('{')).toEqual({
      ...{ label: label('{'), workFolder: undefined },
      ephemeral: false,
    });
    expect(parseRunnerFile('{"WorkFolder":"/w"}').workFolder).toBe('/w');
  });

  it.each([
    ['{"agentName":"r","Ephemeral":true}', true],
    ['{"ephemeral":"True"}', true],
    ['{"ephemeral":false}', false],
    ['null', false],
  ])('stands beside whether the runner takes one job: %s', (text, expected) => {
    expect(parseRunnerFile(text).ephemeral).toBe(expected);
  });
});

describe('the other runners', () => {
  it('are none beside a single one', () => {
    const root = runner();
    const own = {
      5: `${root}/bin/Runner.Listener run`,
      6: `${root}/bin.2.336.0/Runner.Worker spawnclient 1 2`,
    };
    expect(otherRunners(root, machine(own))).toEqual({ runners: [], alone: true });
  });

  it('are found by their processes, even if their files cannot be read', () => {
    const found = otherRunners(
      runner(),
      machine({ 5: '/srv/r2/bin/Runner.Listener run --startuptype service' }),
    );
    expect(found).toEqual({
      runners: [{ root: '/srv/r2', work: '/srv/r2/_work', label: undefined }],
      alone: false,
    });
  });

  it('are found in the folders beside it', () => {
    const root = runner();
    const other = runner('r2', dirname(root));
    writeFileSync(join(other, '.runner'), '{"workFolder":"/mnt/w2"}');
    expect(otherRunners(root, machine({}))).toEqual({
      ...{
        alone: false,
        runners: [{ root: other, work: '/mnt/w2', label: parseRunnerFile('{"workFolder":"/mnt/w2"}').label }],
      },
    });
  });

  it('do not include this one by another path', () => {
    const root = runner();
    symlinkSync(root, join(dirname(root), 'current'));
    const own = machine({ 5: `${dirname(root)}/current/bin/Runner.Listener run` });
    expect(otherRunners(root, own)).toEqual({ runners: [], alone: true });
  });

  it('may be in a container with the same path', () => {
    const root = runner();
    const two = machine({ 5: `${root}/bin/Runner.Listener run`, 6: `${root}/bin/Runner.Listener run` });
    expect(otherRunners(root, two).alone).toBe(false);
  });

  it.each<[string, Parameters<typeof otherRunners>]>([
    ['the folder of this runner is unknown', [undefined, machine({})]],
    ['processes cannot be read', [runner(), { ...machine({}), platform: 'darwin' }]],
    ['processes of other users are hidden', [runner(), kernelTree({ 'proc/9/stat': stat(9) })]],
    ['one was started by a relative path', [runner(), machine({ 5: './bin/Runner.Listener run' })]],
    ['this is a container', [runner(), machine({}, { '.dockerenv': '' })]],
  ])('are unknown if %s', (_why, args) => expect(otherRunners(...args).alone).toBeUndefined());
});

describe('the own container', () => {
  const id = '0123456789abcdef'.repeat(4);
  const mounted = (path: string, root: string): string =>
    `25 24 8:1 ${root} ${path} rw - ext4 /dev/sda1 rw\n`;

  it.each<[string, Record<string, string>, string]>([
    [
      'its mounts',
      { 'proc/self/mountinfo': mounted('/etc/hostname', `/docker/containers/${id}/hostname`) },
      'x',
    ],
    ['its cgroup', { 'proc/self/cgroup': `12:pids:/docker/${id}\n` }, 'x'],
    ['the cgroup of podman', { 'proc/self/cgroup': `0::/machine.slice/libpod-${id}.scope\n` }, 'x'],
    ['its host name', {}, id.slice(0, 12)],
  ])('is known by %s', (_what, files, host) =>
    expect(ownContainer(kernelTree(files), host).isOwn(id)).toBe(true),
  );

  it('is none on a machine that runs containers', () => {
    const shm =
      mounted(`/var/lib/docker/containers/${id}/mounts/shm`, '/') +
      mounted('/var/log/web', `/var/lib/docker/containers/${id}`);
    const own = ownContainer(
      kernelTree({ 'proc/self/mountinfo': shm, 'proc/self/cgroup': '0::/user.slice\n' }),
      'vm',
    );
    expect(own.inside).toBe(false);
    expect(own.isOwn(id)).toBe(false);
  });

  it.each(['.dockerenv', 'run/.containerenv'])('exists with %s', (file) => {
    const mountinfo = mounted('/etc/hosts', '/hosts');
    expect(ownContainer(kernelTree({ [file]: '', 'proc/self/mountinfo': mountinfo }), 'vm').inside).toBe(
      true,
    );
    expect(ownContainer(kernelTree({ [file]: '' }), 'vm').inside).toBe(true);
  });

  it('is none on a machine that was built from an image', () => {
    const files = { '.dockerenv': '', 'proc/self/mountinfo': mounted('/', '/') };
    expect(ownContainer(kernelTree(files), 'vm').inside).toBe(false);
  });
});
