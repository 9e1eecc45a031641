import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { readdir, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { emptyDirectory } from '../src/index.ts';
import { emptyByPath } from '../src/remove-by-path.ts';

const source = join(import.meta.dirname, '../src/index.ts');

/** Creates a directory to empty, and one next to it that must not change. */
function make() {
  const folder = mkdtempSync(join(tmpdir(), 'remove-'));
  const [target, outside] = [join(folder, 'target'), join(folder, 'outside')];
  mkdirSync(target);
  mkdirSync(outside);
  writeFileSync(join(outside, 'precious'), 'data');
  return { folder, target, outside, precious: () => readFileSync(join(outside, 'precious'), 'utf8') };
}

describe('emptyDirectory', () => {
  it('removes every kind of name and link, and nothing outside', () => {
    const { target, outside, precious } = make();
    for (const name of ['.a', '..b', 'new\nline', ' ', '-rf', '*', 'ü'])
      writeFileSync(join(target, name), 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${target}/`), Buffer.from([0xff, 0xfe])]), 'x');
    mkdirSync(join(target, 'deep/er'), { recursive: true });
    symlinkSync(outside, join(target, 'link'));
    symlinkSync('..', join(target, 'deep/parent'));
    symlinkSync('/nowhere', join(target, 'dangling'));
    const removal = emptyDirectory(target);
    expect(readdirSync(target)).toEqual([]);
    expect(removal).toMatchObject({ files: 11, directories: 2, residue: [], finished: true });
    expect(precious()).toBe('data');
  });

  it.each([
    ['without keep', {}],
    ['with keep', { keep: () => 'remove' as const }],
  ])('removes a tree that is 5,000 directories deep, %s', (_what, options) => {
    const { target } = make();
    const script = `process.chdir(process.argv[1]); const fs = require('node:fs');
      for (let depth = 0; depth < 5000; depth++) { fs.mkdirSync('d'); process.chdir('d'); } fs.writeFileSync('bottom', '');`;
    execFileSync(process.execPath, ['-e', script, target]);
    const removal = emptyDirectory(target, options);
    expect(readdirSync(target)).toEqual([]);
    expect(removal).toMatchObject({ directories: 5000, files: 1, residue: [] });
  });

  it('does not change mode and time of a file that has a hard link elsewhere', () => {
    const { target, outside } = make();
    const stored = join(outside, 'stored');
    writeFileSync(stored, 'x'.repeat(5000));
    chmodSync(stored, 0o444);
    utimesSync(stored, 1000, 1000);
    linkSync(stored, join(target, 'linked'));
    expect(emptyDirectory(target)).toMatchObject({ files: 1, freedBytes: 0 });
    expect(statSync(stored)).toMatchObject({ mtimeMs: 1_000_000 });
    expect(statSync(stored).mode & 0o777).toBe(0o444);
  });

  it('keeps an entry and the directories above it', () => {
    const { target } = make();
    mkdirSync(join(target, 'a/b'), { recursive: true });
    writeFileSync(join(target, 'a/b/kept'), '');
    writeFileSync(join(target, 'a/gone'), '');
    emptyDirectory(target, {
      keep: (path) => (path === 'a/b' ? 'keep' : path === 'a' ? 'look inside' : 'remove'),
    });
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(['a', 'a/b', 'a/b/kept']);
  });

  it('stops at its deadline, and a second call finishes', async () => {
    const { target } = make();
    for (let index = 0; index < 50; index += 1) writeFileSync(join(target, `f${index}`), '');
    expect(emptyDirectory(target, { deadline: startDeadline(0) }).finished).toBe(false);
    expect(readdirSync(target)).toHaveLength(50);
    expect(emptyDirectory(target).finished).toBe(true);
  });

  it('removes read-only and unreadable directories of its own user', () => {
    const { folder, target } = make();
    mkdirSync(join(target, 'cache/mod'), { recursive: true });
    mkdirSync(join(target, 'closed/inner'), { recursive: true });
    writeFileSync(join(target, 'cache/mod/file'), '', { mode: 0o444 });
    for (const mode of ['444', '600', '400']) {
      mkdirSync(join(target, mode));
      writeFileSync(join(target, mode, 'file'), '');
      execFileSync('chmod', [mode, join(target, mode)]);
    }
    const deep = join(target, ...Array.from({ length: 150 }, () => 'd'));
    mkdirSync(deep, { recursive: true });
    execFileSync('chmod', ['-R', '555', join(target, 'd')]);
    execFileSync('chmod', ['555', join(target, 'cache/mod'), join(target, 'cache')]);
    chmodSync(join(target, 'closed'), 0);
    const { status, stderr } = asNobody(folder, target);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readdirSync(target)).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'moves a folder with files of another user aside and removes read-only ones, on macOS too',
    () => {
      const { folder, target } = make();
      mkdirSync(join(folder, 'aside'));
      for (const name of ['mine/theirs/deep', 'mine/more', 'mod/555', 'mod/0', 'mod/444'])
        mkdirSync(join(target, name), { recursive: true });
      writeFileSync(join(target, 'mod/555/file'), '', { mode: 0o444 });
      for (const mode of ['555', '0', '444']) execFileSync('chmod', [mode, join(target, 'mod', mode)]);
      writeFileSync(join(target, 'mine/theirs/deep/file'), '');
      execFileSync('chown', ['-R', '65534:65534', folder]);
      execFileSync('chown', ['-R', '0:0', join(target, 'mine/theirs')]);
      const { stderr } = asNobody(
        undefined,
        target,
        'darwin',
        `{ aside: () => openFolder('${folder}/aside') }`,
      );
      expect(stderr).toContain(`path: '${folder}/aside/mine'`);
      expect(stderr).toContain('belongs to another user (root); remove it as root');
      expect([readdirSync(target), readdirSync(join(folder, 'aside'))]).toEqual([[], ['mine']]);
    },
  );

  it.each([
    ['Linux', (target: string) => void emptyDirectory(target)],
    [
      'macOS',
      (target: string) => void emptyByPath(target, { ownsProcess: true }, undefined, { platform: 'darwin' }),
    ],
  ])(
    'never follows a directory that is replaced by a link, in a race that others lose, on %s',
    async (_on, empty) => {
      const { target, outside } = make();
      const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
      const fill = () => names.forEach((name) => writeFileSync(join(outside, name), ''));
      const left = () => names.filter((name) => existsSync(join(outside, name))).length;
      const swapper = await startSwapper(target, outside, names);
      try {
        fill();
        for (let round = 0; round < 400; round += 1) empty(target);
        expect(left()).toBe(names.length);
        await expect
          .poll(() => removeByPath(target).then(left), { timeout: 200_000, interval: 1 })
          .toBeLessThan(names.length);
      } finally {
        swapper.kill('SIGKILL');
        await once(swapper, 'exit');
      }
    },
  );

  it('does not move a very deep directory when something is mounted in it', () => {
    const { folder, target, outside, precious } = make();
    const point = join(target, ...Array.from({ length: 130 }, () => 'd'), 'mounted');
    mkdirSync(point, { recursive: true });
    const { status, stdout, stderr } = emptyWithMount(folder, target, outside, point);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      residue: [{ path: point, reason: 'another file system is mounted there' }],
    });
    expect(precious()).toBe('data');
    expect(lstatSync(point).isDirectory()).toBe(true);
  });

  it('never enters a mount, not even a bind mount of the same file system', () => {
    const { folder, target, outside, precious } = make();
    mkdirSync(join(target, 'a/mounted'), { recursive: true });
    writeFileSync(join(target, 'a/file'), '');
    const point = join(target, 'a/mounted');
    const { status, stdout, stderr } = emptyWithMount(folder, target, outside, point);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const removal = JSON.parse(stdout) as { residue: object[]; files: number };
    expect(removal.residue).toEqual([
      { path: `${target}/a/mounted`, reason: 'another file system is mounted there' },
    ]);
    expect(removal.files).toBe(1);
    expect(precious()).toBe('data');
    expect(lstatSync(join(target, 'a/mounted')).isDirectory()).toBe(true);
  });
});

/** Empties `target` in a mount namespace where `outside` is mounted at `point`. Prints the result. */
function emptyWithMount(cwd: string, target: string, outside: string, point: string) {
  const script = 'mount --bind "$1" "$2" && exec "$3" --input-type=module -e "$4"';
  const code = `const { emptyDirectory } = await import('${source}'); console.log(JSON.stringify(emptyDirectory('${target}')));`;
  const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  return spawnSync(
    'unshare',
    ['--mount', ...own, 'sh', '-c', script, 'sh', outside, point, process.execPath, code],
    { encoding: 'utf8', cwd },
  );
}

/** Empties `target` as a user without privileges, who owns it. */
function asNobody(folder: string | undefined, target: string, platform = 'linux', options = '{}') {
  const code = `Object.defineProperty(process, 'platform', { value: '${platform}' });
    const { emptyDirectory, openFolder } = await import('${source}');
    const { residue } = emptyDirectory('${target}', { ownsProcess: true, ...${options} });
    if (residue.length > 0) { console.error(residue); process.exitCode = 1; }`;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && folder !== undefined) execFileSync('chown', ['-R', '65534:65534', folder]);
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
  });
}

/**
 * Swaps a directory in `target` with a link to `outside`, atomically and repeatedly. Creates both again when they are
 * gone.
 */
async function startSwapper(target: string, outside: string, names: string[]) {
  const script = `$| = 1; my ($t, $o, $call, @names) = @ARGV; print "go\\n";
    while (1) { mkdir "$t/d"; symlink $o, "$t/x"; for (@names) { unless (-l "$t/d") { open my $f, '>', "$t/d/$_"; } }
      for (1 .. 40) { syscall($call, -100, my $a = "$t/d", -100, my $b = "$t/x", 2); } }`;
  const renameat2 = { x64: '316', arm64: '276' }[process.arch as 'x64' | 'arm64'];
  const swapper = spawn('perl', ['-e', script, target, outside, renameat2, ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((go) => swapper.stdout.once('data', go));
  return swapper;
}

/** A removal by path, which must lose the race. */
async function removeByPath(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeByPath(path);
    await (entry.isDirectory() ? rmdir(path) : unlink(path)).catch(() => undefined);
  }
}
