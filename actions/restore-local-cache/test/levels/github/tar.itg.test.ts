import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readTar } from '../../../src/levels/github/tar-reader.ts';

/** Creates a workspace with a cache in it, and runs `tar` as `actions/cache` does. */
function stage() {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  const workspace = join(folder, 'work/app/app');
  mkdirSync(join(workspace, 'deps/sub'), { recursive: true });
  mkdirSync(join(folder, 'home/.npm'), { recursive: true });
  writeFileSync(join(workspace, 'deps/sub/a'), 'one', { mode: 0o755 });
  writeFileSync(join(folder, 'home/.npm/x'), 'two');
  symlinkSync('sub/a', join(workspace, 'deps/link'));
  execFileSync('ln', [join(workspace, 'deps/sub/a'), join(workspace, 'deps/hard')]);
  const tar = (names: string[], ...more: string[]) =>
    execFileSync('tar', ['--posix', '-cf', '-', '-P', '-C', workspace, ...more, ...names]);
  const roots = { workspace, home: join(folder, 'home'), temp: join(folder, 't'), tool: join(folder, 'o') };
  const unpack = (
    bytes: Buffer,
    limits = { maxBytes: 1e6, maxItems: 100 },
    paths: readonly string[] = ['deps', '~/.npm'],
  ) => {
    const out = mkdtempSync(join(tmpdir(), 'out-'));
    const plan = { paths, context: { roots, store: undefined }, limits };
    return { out, places: readTar(Readable.from([bytes]), out, plan) };
  };
  return { folder, workspace, tar, unpack };
}

describe('readTar, for an archive of actions/cache', () => {
  it('unpacks one tree for each path', async () => {
    const { tar, unpack } = stage();
    const { out, places } = unpack(tar(['deps', '../../../home/.npm']));
    expect(await places).toEqual([
      { path: 0, below: '' },
      { path: 1, below: '' },
    ]);
    expect(readFileSync(join(out, 'tree-0/link'), 'utf8')).toBe('one');
    expect(readFileSync(join(out, 'tree-0/hard'), 'utf8')).toBe('one');
    expect(readFileSync(join(out, 'tree-1/x'), 'utf8')).toBe('two');
  });

  it.each([[['deps', 'deps/sub']], [['deps/sub', 'deps']]])(
    'unpacks files under the overlapping paths %j once, although tar lists them twice',
    async (paths) => {
      const { tar, unpack } = stage();
      const twice = tar(['deps', 'deps/sub', 'deps/hard']);
      const { out, places } = unpack(twice, undefined, paths);
      expect(await places).toEqual([{ path: paths.indexOf('deps'), below: '' }]);
      expect(readdirSync(join(out, 'tree-0')).sort()).toEqual(['hard', 'link', 'sub']);
      expect(readFileSync(join(out, 'tree-0/sub/a'), 'utf8')).toBe('one');
      // Repeated members count towards the limit too.
      const limits = { maxBytes: 1e6, maxItems: 6 };
      await expect(unpack(twice, limits, paths).places).rejects.toThrow('more than 6 files');
    },
  );

  const evil = (script: string) => {
    const made = stage();
    execFileSync('/bin/sh', ['-c', script], { cwd: made.workspace });
    return made;
  };

  it.each([
    ['a file outside of the paths', 'echo x > other', ['deps', 'other'], [], 'lies outside of the paths'],
    ['an absolute path', 'true', ['deps', '/etc/hostname'], [], 'lies outside of the paths'],
    [
      'a symlink that leads out',
      'ln -s /etc/passwd deps/evil',
      ['deps'],
      [],
      'links of a cache may not lead',
    ],
    ['a device', 'mknod deps/null c 1 3 || mkfifo deps/null', ['deps'], [], 'is a (CharacterDevice|FIFO)'],
    ['a setuid file', 'echo x > deps/s; chmod 4755 deps/s', ['deps'], [], 'is setuid'],
    [
      'a file behind a symlink',
      'mkdir -p evil; ln -s ../../../home deps/evil; mkdir aside; echo x > aside/x',
      ['deps/link', 'deps/evil', 'aside/x'],
      ['--transform', 's,^aside/x,deps/evil/x,'],
      'is not in a folder|is no name|outside',
    ],
    ...(
      [
        ['a file after a symlink', 'echo x > aside', 'deps/link'],
        ['a symlink after a file', 'ln -s a aside', 'deps/sub/a'],
        ['a symlink after a symlink', 'ln -s sub aside', 'deps/link'],
        ['a symlink after a folder', 'ln -s a aside', 'deps/sub'],
        ['a folder after a symlink', 'mkdir aside', 'deps/link'],
      ] as const
    ).map(([what, script, place]) => [
      `${what} at the same path`,
      script,
      ['deps', 'aside'],
      ['--transform', `s,^aside,${place},`],
      'comes twice',
    ]),
    [
      'a hard link that leads out',
      'mkdir -p ln; echo x > ln/a; ln ln/a ln/b',
      ['deps', 'ln/a', 'ln/b'],
      ['--transform', 's,^ln/b,deps/b,', '--transform', 's,^ln/a$,deps/../../../../etc/passwd,'],
      'hard link|outside of the paths',
    ],
  ] as [string, string, string[], string[], string][])(
    'refuses %s',
    async (_what, script, names, more, message) => {
      const { tar, unpack } = evil(script);
      const { places } = unpack(tar(names, ...more));
      await expect(places).rejects.toThrow(new RegExp(message));
    },
  );

  it('refuses an archive that is too large or truncated', async () => {
    const { tar, unpack } = stage();
    const whole = tar(['deps']);
    await expect(unpack(whole, { maxBytes: 2, maxItems: 100 }).places).rejects.toThrow('more than 2 bytes');
    await expect(unpack(whole, { maxBytes: 1e6, maxItems: 3 }).places).rejects.toThrow('more than 3 files');
    for (const end of [0, 100, 700, 1100])
      await expect(unpack(whole.subarray(0, end)).places).rejects.toThrow();
  });
});
