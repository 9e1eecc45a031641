import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { digest } from '@runner-actions/store';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  build,
  cache,
  hosted,
  job,
  mayMount,
  report,
  runner,
  serve,
  sh,
  storeOf,
  warnings,
} from './stage.ts';

const names = (path: string): string[] => readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
const make = sh('mkdir -p ~/.tool/bin && echo old > ~/.tool/token && echo tool > ~/.tool/bin/tool');

/** Creates a machine with a home directory whose `.tool` a job has saved. */
async function machine(inputs: Record<string, string> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  const directory = runner();
  const run = (more: Record<string, string> = {}, script = 'true') =>
    job([cache({ path: '~/.tool', ...inputs, ...more }), sh(script)], { directory, env: { HOME: home } });
  const first = await job([cache({ path: '~/.tool', ...inputs }), make], { directory, env: { HOME: home } });
  if (!first.post.includes('Cache: saved')) throw new Error(first.post);
  return { home, directory, tool: join(home, '.tool'), run };
}

describe('a target outside of the workspace', () => {
  it('keeps files that others added or changed, before and after each hit', async () => {
    const { home, tool, run } = await machine();
    expect(names(tool)).toEqual(['bin', 'bin/tool', 'token']);
    const inode = statSync(tool).ino;
    writeFileSync(join(tool, 'of-the-administrator'), '');
    writeFileSync(join(tool, 'token'), 'rotated');
    for (const script of ['echo more > ~/.tool/more', 'true']) {
      const result = await run({}, script);
      expect(result.cache).toMatchObject({ 'cache-hit': 'true', mode: 'copy' });
      expect(result.steps[0]?.stdout).toContain(
        'kept 1 file outside of the workspace, newer than in the entry (',
      );
      expect(warnings(result)).toEqual([]);
    }
    expect(names(home)).toEqual(
      ['.tool', 'bin', 'bin/tool', 'more', 'of-the-administrator', 'token'].map((name, index) =>
        index === 0 ? name : join('.tool', name),
      ),
    );
    expect(readFileSync(join(tool, 'token'), 'utf8')).toBe('rotated');
    expect(statSync(tool).ino).toBe(inode);
  });

  it('gets missing files, and creates nothing next to it', async () => {
    const { home, tool, run } = await machine();
    const result = await run({}, 'rm -r ~/.tool/bin; ls -A ~');
    expect(result.steps[1]?.stdout).toBe('.tool\n');
    expect((await run({}, 'cat ~/.tool/bin/tool')).steps[1]?.stdout).toBe('tool\n');
    expect(readdirSync(home)).toEqual(['.tool']);
    expect(lstatSync(tool).isDirectory()).toBe(true);
  });

  it.each([{}, { 'on-existing': 'merge' }])(
    'keeps a symlink of its owner, and gets the other files (%o)',
    async (inputs) => {
      const { home, tool, run } = await machine();
      const disk = mkdtempSync(join(tmpdir(), 'disk-'));
      spawnSync('rm', ['-r', join(tool, 'bin'), join(tool, 'token')]);
      symlinkSync(disk, join(tool, 'bin'));
      const result = await run(inputs);
      expect(warnings(result)).toEqual([]);
      expect(result.cache['cache-hit']).toBe('true');
      expect(result.steps[0]?.stdout).toContain(
        `not restored, because something else is there or this user may not write there: ${join(tool, 'bin')} (a link)`,
      );
      expect([names(tool), names(disk), readdirSync(home)]).toEqual([['bin', 'token'], [], ['.tool']]);
      expect(lstatSync(join(tool, 'bin')).isSymbolicLink()).toBe(true);
    },
  );

  it('is replaced or moved only with on-existing: replace or mode: lease', async () => {
    const { tool, run, directory } = await machine({ mode: 'lease' });
    writeFileSync(join(tool, 'stale'), '');
    const leased = await run({}, 'ls ~/.tool');
    expect(leased.steps[1]?.stdout).toBe('bin\ntoken\n');
    expect(existsSync(tool)).toBe(false);
    const replaced = await run({ mode: 'auto', 'on-existing': 'replace' }, 'ls ~/.tool');
    expect(replaced.steps[1]?.stdout).toBe('bin\ntoken\n');
    expect(existsSync(tool)).toBe(true);
    expect(readdirSync(join(storeOf(directory), 'locks'))).toEqual([]);
  });

  it.each([
    ['on-existing: replace', { 'on-existing': 'replace' }],
    ['default', {}],
  ])(
    'is not changed (%s) while another running job has replaced it, and is restored once that job is dead',
    async (_how, inputs) => {
      const { tool, directory, run } = await machine();
      const lock = join(storeOf(directory), 'locks', `target-${digest([tool])}`);
      const hold = (pid: number): void => {
        const owner = { ...ownerOf(process.pid), pid };
        writeFileSync(lock, JSON.stringify({ owner, job: 'another', purpose: 'octo/other CI (run 1)' }));
      };
      hold(process.pid);
      const busy = await run(inputs);
      expect(warnings(busy).join()).toContain(
        `${tool} is in use by another job of this machine: octo/other CI (run 1)`,
      );
      expect(report(busy.cache)).toMatchObject({ found: { reason: 'target-in-use' } });
      hold(spawnSync(process.execPath, ['-e', '']).pid);
      expect((await run(inputs)).cache['cache-hit']).toBe('true');
    },
  );

  it('is locked in the store while a job has replaced it', async () => {
    const { run } = await machine();
    const result = await run(
      { 'on-existing': 'replace' },
      'ls ../../_runner-actions-cache/locks | cut -c1-7; ls -A ~',
    );
    expect(result.steps[1]?.stdout).toBe('target-\n.tool\n');
  });

  it.skipIf(!mayMount)('may be a mount point or contain one', async () => {
    for (const where of ['.tool', '.tool/bin/volume']) {
      const { home, directory } = await machine();
      const volume = mkdtempSync(join(tmpdir(), 'volume-'));
      writeFileSync(join(volume, 'theirs'), '');
      mkdirSync(join(home, where), { recursive: true });
      const wrap = withMounts([['--bind', volume, join(home, where)]]) ?? [];
      const inputs = { path: '~/.tool', 'on-existing': 'replace' };
      const result = await job([cache(inputs)], { directory, env: { HOME: home }, wrap });
      expect(warnings(result)).toEqual([]);
      expect(result.cache['cache-hit']).toBe('true');
      expect(names(volume)).toEqual(where === '.tool' ? ['bin', 'bin/tool', 'token'] : ['theirs']);
      expect(result.conclusion).toBe('success');
    }
  });
});

describe('a symlink in the place of a target', () => {
  it('is left unchanged if it does not lead into the store', async () => {
    const { home, tool, run } = await machine();
    spawnSync('mv', [tool, join(home, 'elsewhere')]);
    symlinkSync('elsewhere', tool);
    const result = await run({ 'on-existing': 'replace' });
    expect(warnings(result).join()).toContain(`${tool} is a symlink. It is left unchanged`);
    expect(names(join(home, 'elsewhere'))).toEqual(['bin', 'bin/tool', 'token']);
    expect(lstatSync(tool).isSymbolicLink()).toBe(true);
  });

  it('is replaced if mode: symlink created it, outside of the workspace too', async () => {
    const { run, tool } = await machine({ mode: 'symlink', immutable: '~/.tool' });
    spawnSync('rm', ['-r', tool]);
    for (let round = 0; round < 2; round += 1) {
      const linked = await run({}, 'readlink ~/.tool >/dev/null && cat ~/.tool/token');
      expect([linked.steps[1]?.stdout, warnings(linked)]).toEqual(['old\n', []]);
    }
    const inputs = { mode: 'symlink', immutable: 'deps' };
    const { directory } = await job([cache(inputs), build]);
    for (let round = 0; round < 2; round += 1) {
      const result = await job([cache(inputs), sh('readlink deps >/dev/null && cat deps/sub/a')], {
        directory,
      });
      expect(result.steps[1]?.stdout).toBe('one\n');
    }
  });
});

describe('a save without a local store', () => {
  it.each(['deps', '~/.tool'])('leaves %s in its place', async (path) => {
    const service = await serve();
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    const given = hosted(service);
    const env = { ...given.env, HOME: home };
    const script = `mkdir -p ${path} && echo one > ${path}/a`;
    const first = await job([cache({ path }), sh(script)], { ...given, env });
    expect(first.post).toContain('saved `k-1` to GitHub');
    const where = path === 'deps' ? join(first.workspace, 'deps') : join(home, '.tool');
    expect(names(where)).toEqual(['a']);
    const other = { ...given, env: { ...env, HOME: mkdtempSync(join(tmpdir(), 'home-')) } };
    const second = await job([cache({ path }), sh(`cat ${path}/a`)], other);
    expect(second.steps[1]?.stdout).toBe('one\n');
  });
});

it('restores a target outside of the workspace from GitHub when the local store cannot be used', async () => {
  const service = await serve();
  const home = () => ({ ...service.env, HOME: mkdtempSync(join(tmpdir(), 'home-')) });
  await job([cache({ path: '~/.tool' }), make], { env: home() });
  const root = mkdtempSync(join(tmpdir(), 'store-'));
  symlinkSync(root, `${root}-link`);
  const inputs = { path: '~/.tool', root: `${root}-link` };
  const result = await job([cache(inputs), sh('cat ~/.tool/token')], { env: home() });
  expect(result.steps[1]?.stdout).toBe('old\n');
  expect(result.cache['cache-source']).toBe('github');
});

describe('a save', () => {
  it('leaves out files that cannot be cached, with name and reason, and saves the rest', async () => {
    const script = `mkdir -p bin deps; echo a > bin/a; ln -s /etc bin/etc; mkfifo deps/pipe; echo x > deps/x`;
    const { directory, ...first } = await job([cache({ path: 'bin/*\ndeps\nabsent' }), sh(script)]);
    const told = warnings(first).join('\n');
    expect(told).toContain('bin/etc is a symlink or is behind one, so it is not saved.');
    expect(told).toMatch(/Left out of the cache: \S+deps\/pipe \(it is a socket, a pipe or a device\)\./);
    expect(first.post).toMatch(/not saved, because these paths do not exist: \S+absent/);
    const next = await job(
      [sh('rm -rf bin deps'), cache({ path: 'bin/*\ndeps\nabsent' }), sh('cat bin/a deps/x')],
      {
        directory,
      },
    );
    expect(next.steps[2]?.stdout).toBe('a\nx\n');
  });

  it('warns when none of the paths exist', async () => {
    const result = await job([cache({ path: 'absent' })]);
    expect(warnings(result)).toEqual([
      expect.stringMatching(/^Nothing is saved, because none of the paths exist: \S+absent\.$/),
    ]);
  });

  it('finds a key with capital letters at a service that returns keys in lower case', async () => {
    const service = await serve({ smallKeys: true });
    await job([cache({ key: 'Linux-1' }), build], hosted(service));
    const result = await job([cache({ key: 'Linux-1' })], hosted(service));
    expect(result.cache).toMatchObject({ 'cache-hit': 'true', 'cache-matched-key': 'Linux-1' });
  });
});
