import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, nodes } from './world.ts';

const [node = process.execPath, other = node] = nodes;
const folder = () => mkdtempSync(join(tmpdir(), 'manifest-'));

/** Makes a folder with links to real programs, and with programs that print these texts. */
function makePath(real: readonly string[], fake: Record<string, string> = {}): string {
  const path = folder();
  const isThere = (file: string): boolean => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  for (const name of real) {
    const found = ['/usr/bin', '/bin'].map((one) => join(one, name)).find(isThere);
    if (found !== undefined) symlinkSync(found, join(path, name));
  }
  for (const [name, script] of Object.entries(fake)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return path;
}

function run(args: readonly string[], path: string, one = node, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(one, [cli, 'manifest', ...args], {
    encoding: 'utf8',
    env: { PATH: path, HOME: process.env['HOME'], DOCKER_HOST: 'unix:///nowhere', ...env },
  });
  return { status, stdout, stderr };
}

describe('manifest snapshot', () => {
  const hasPackages = existsSync('/var/lib/dpkg/status');

  it.skipIf(!hasPackages)(
    'of this machine is the same with both Nodes, and the machine meets all of it (needs packages of dpkg)',
    () => {
      const path = makePath(['bash', 'git', 'make', 'python3', 'grep', 'tar', 'ldd', 'gcc', 'perl']);
      const env = { SDK_ROOT: '/a-value' };
      const [one, two] = [join(folder(), 'one.yml'), join(folder(), 'two.yml')];
      const first = run(['snapshot', '--out', one], path, node, env);
      expect(first, first.stderr).toMatchObject({ status: 0, stderr: '' });
      run(['snapshot', '--out', two], path, other, env);
      const text = readFileSync(one, 'utf8');
      expect(readFileSync(two, 'utf8')).toBe(text);
      for (const line of [
        /^ {2}bash: "==\d/m,
        /^ {2}- \{ apt: "dpkg", version: "==\d/m,
        /^ {2}SDK_ROOT: \{ set: true \}$/m,
      ])
        expect(text).toMatch(line);
      expect(text).not.toContain('a-value');
      const { status, stdout } = run(['check', '--machine', one], path, node, env);
      const rest = stdout.split('\n').filter((line) => !line.startsWith('pass '));
      expect(rest).toEqual([expect.stringMatching(/: pass\. (\d+) checked: \1 pass$/), '']);
      expect(status).toBe(0);
    },
  );

  it('leaves out a tool that does not answer, and tells it', () => {
    const path = makePath([], { jq: 'echo jq-1.7', git: 'exit 3', kubectl: 'echo' });
    const { status, stdout, stderr } = run(['snapshot', '--packages', 'chosen'], path);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^tools:\n {2}jq: "==1\.7"\n {2}kubectl: "latest"\n(?! )/m);
    expect(stderr).toMatch(/^Left out: tool git: exit code 3/m);
  });

  it('creates the folder of --out, and says why it cannot write a file', () => {
    const [place, path] = [folder(), makePath([])];
    const file = join(place, 'a/b/machine.yml');
    expect(run(['snapshot', '--out', file], path).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('version: 1');
    expect(run(['snapshot', '--out', place], path)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(
        /could not be written: a folder is in the place of .*manifest-\w+ \(EISDIR\)\. Remove it/,
      ) as unknown,
    });
    expect(run(['snapshot', file], path)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`--out ${file}`) as unknown,
    });
  });

  it('refuses packages of another kind than it knows', () => {
    const path = makePath([]);
    expect(run(['snapshot', '--packages', 'some'], path)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('expected all or chosen') as unknown,
    });
  });
});

describe('manifest check', () => {
  it('escapes what a terminal obeys in names of files and in what programs print', () => {
    const place = folder();
    writeFileSync(join(place, 'a\u001b[2J\nb\u0007'), '');
    const file = join(place, 'manifest.yml');
    const path = makePath([], { odd: String.raw`printf 'odd 1.0 \033[31m\007\n'; exit 3` });
    writeFileSync(file, `version: 1\nfiles: [{ path: "${place}/a*", mode: "0777" }]\ntools: { odd: "1" }\n`);
    const { stdout, stderr, status } = run(['check', '--machine', file], path);
    expect([status, stdout], stderr).toEqual([1, expect.stringContaining(String.raw`a\u001b[2J\nb\u0007`)]);
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('manifest diff', () => {
  const write = (text: string): string => {
    const path = join(folder(), 'manifest.yml');
    writeFileSync(path, `version: 1\n${text}\n`);
    return path;
  };

  it('of two files shows each change, and is 1 only if there is one', () => {
    const [one, two] = [write('tools: { jq: "==1.6", go: "==1" }'), write('tools: { jq: "==1.7" }')];
    expect(run(['diff', one, two], makePath([]))).toMatchObject({
      status: 1,
      stdout: 'removed: tool go: 1\nupgraded: tool jq: 1.6 → 1.7\n1 removed, 1 upgraded, 0 the same\n',
    });
    expect(run(['diff', one, one], makePath([]))).toMatchObject({
      status: 0,
      stdout: 'no difference, 2 the same\n',
    });
    expect(run(['diff', one, '/nowhere.yml'], makePath([])).status).toBe(3);
    expect(run(['diff'], makePath([])).status).toBe(2);
  });

  it('of two files that mean the same has no difference, as text and with --json', () => {
    const [one, two] = [write('tools: { gcc: 12 || 13 }'), write('tools: { gcc: 13.x || 12 }')];
    expect(run(['diff', one, two], makePath([])).stdout).toBe('no difference, 1 the same\n');
    const { status, stdout } = run(['diff', one, two, '--json'], makePath([]));
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      { same: 1, changes: [], before: one, after: two },
    ]);
  });

  it('of two manifests is 1 if they require something else, even if one version meets both', () => {
    const [one, two] = [write('tools: { node: "==20.1.0" }'), write('tools: { node: ">=18" }')];
    expect(run(['diff', one, two], makePath([]))).toMatchObject({
      status: 1,
      stdout: 'changed: tool node: 20.1.0 → >=18\n1 changed, 0 the same\n',
    });
  });

  it('tells a difference whatever its severity, and is 3 if nobody knows whether there is one', () => {
    const path = makePath([], { jq: 'echo jq-1.7' });
    const unmet = write('tools: { jq: { version: "9", severity: warn } }');
    expect(run(['diff', unmet], path)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^changed: tool jq: 9 .*→ 1\.7\n1 changed, 0 the same\n$/),
    });
    const open = write('tools: { own: { command: [own], severity: warn } }');
    expect(run(['diff', open], path)).toMatchObject({
      status: 3,
      stdout: 'no difference, 0 the same, 1 not compared\n',
    });
  });

  it('of a manifest and a snapshot compares what the manifest names, and is 3 if the snapshot does not tell', () => {
    const snapshot = write('name: Snapshot of a machine\ntools: { jq: "==1.7", go: "==1.24.1" }');
    const [well, open] = [write('tools: { jq: ">=1.6" }'), write('files: [{ path: /etc/hosts }]')];
    expect(run(['diff', well, snapshot], makePath([]))).toMatchObject({
      status: 0,
      stdout: 'no difference, 1 the same\n',
    });
    const { status, stderr } = run(['diff', snapshot, open], makePath([]));
    expect([status, stderr]).toEqual([
      3,
      expect.stringContaining('Unknown: file /etc/hosts is not compared'),
    ]);
  });

  it('of a manifest and this machine checks what no snapshot has', () => {
    const path = makePath([], { jq: 'echo jq-1.7', own: 'echo own 2.0' });
    const there = write(
      `tools: { own: "2", jq: { any-of: [1.6, 1.7] } }\nsystem: { memory: 1MiB, os: linux }`,
    );
    expect(run(['diff', there], path)).toMatchObject({ status: 0, stdout: 'no difference, 4 the same\n' });
    const missing = write(
      'tools: { own: "3", gone: latest }\nsystem: { memory: 900TiB }\nfiles: [{ path: /nowhere/x }]',
    );
    const { status, stdout } = run(['diff', missing], path);
    expect(stdout.split('\n')).toEqual([
      'removed: tool gone: latest',
      expect.stringMatching(/^changed: file \/nowhere\/x: a file → /),
      expect.stringMatching(/^changed: system memory: 900TiB → >=/),
      expect.stringMatching(/^changed: tool own: 3.* → 2\.0$/),
      '1 removed, 3 changed, 0 the same',
      '',
    ]);
    expect(status).toBe(1);
  });

  it.skipIf(!existsSync('/var/lib/dpkg/status'))(
    'has one change for several ranges of a package (needs dpkg)',
    () => {
      const file = write('packages: [{ apt: no-such-x, version: ">=1" }, { apt: no-such-x, version: "<3" }]');
      expect(run(['diff', file], makePath([])).stdout).toBe(
        'removed: apt package no-such-x: >=1, <3\n1 removed, 0 the same\n',
      );
    },
  );

  it('says that a tool does not answer, and not that it is removed', () => {
    const file = write('name: Snapshot of a machine, chosen packages\ntools: { jq: "==1.7" }');
    const { stdout } = run(['diff', file], makePath([], { jq: 'exit 3' }));
    expect(stdout).toMatch(/^changed: tool jq: 1\.7 → \S+jq, without an answer$/m);
    expect(stdout).not.toContain('removed: tool');
  });

  it('of a manifest and this machine compares only what the manifest names', () => {
    const path = makePath([], { jq: 'echo jq-1.7', go: 'echo go version go1.24.1 linux/amd64' });
    const file = write('tools: { jq: "==1.8", go: ">=1.20" }\nports: [{ port: 1, is: free }]');
    const { status, stdout, stderr } = run(['diff', file, '--json'], path, other);
    expect(status, stderr).toBe(1);
    const changes = [{ change: 'downgraded', kind: 'tool', name: 'jq', before: '1.8', after: '1.7' }];
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, same: 2, changes, after: 'this machine' });
    expect(stderr).toMatch(/^Note: what the manifest does not name is not compared/m);
  });
});
