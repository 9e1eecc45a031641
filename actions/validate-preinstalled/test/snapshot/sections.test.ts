import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GpuRequirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/kinds/kind.ts';
import { chosenPackages } from '../../src/machine-facts/packages/chosen-packages-io.ts';
import { askedName, type InstalledPackage } from '../../src/machine-facts/packages/package-database.ts';
import { environmentSection } from '../../src/snapshot/environment-section.ts';
import { gpuSection } from '../../src/snapshot/gpu-section.ts';
import { type SystemFacts, systemSection } from '../../src/snapshot/system-section.ts';

describe('the system of a snapshot', () => {
  const facts: SystemFacts = {
    ...{ os: 'linux', arch: 'x64', release: { id: 'debian', like: [], version: '12' } },
    ...{ kernel: '6.1.0-13-amd64', glibc: '2.36', musl: undefined },
    capacity: {
      cores: { value: 8, source: 'machine' },
      memory: { value: 31.2 * 1024 ** 3, source: 'machine' },
    },
  };

  it('has exact versions, and memory as the machine is sold', () => {
    expect(systemSection(facts).lines).toEqual([
      '  os:',
      '    id: "debian"',
      '    version: "==12"',
      '    kernel: "==6.1.0"',
      '  arch: x64',
      '  cpu: { cores: ">=8" }',
      '  memory: ">=32GiB"',
      '  glibc: "==2.36"',
    ]);
  });

  it('has the limit of a cgroup as it is, and no distribution on macOS', () => {
    const capacity = {
      cores: { value: 1.5, source: 'cgroup' },
      memory: { value: 31.2 * 1024 ** 3, source: 'cgroup' },
    } as const;
    expect(systemSection({ ...facts, os: 'macos', release: undefined, capacity }).lines).toEqual([
      '  os: macos',
      '  arch: x64',
      '  cpu: { cores: ">=1.5" }',
      '  memory: ">=31948MiB"',
      '  glibc: "==2.36"',
    ]);
  });
});

describe('the environment of a snapshot', () => {
  it('has names that say where things are, without values, secrets and names of a job or a login', () => {
    const environment = {
      ...{ PYENV_ROOT: '/p', JAVA_HOME: '/j', JAVA_HOME_17_X64: '/j17', EMPTY_HOME: '' },
      ...{ GITHUB_PATH: '/x', RUNNER_TOOL_CACHE: '/x', INPUT_PATH: 'x', SSH_KEY_PATH: '/k', PATH: '/bin' },
      ...{ SSH_AUTH_SOCK: 's', XDG_RUNTIME_DIR: '/run', npm_config_PREFIX: 'x', TOKEN_DIR: 'secret' },
    };
    expect(environmentSection(environment).lines).toEqual([
      '  JAVA_HOME: { set: true }',
      '  JAVA_HOME_17_X64: { set: true }',
      '  PYENV_ROOT: { set: true }',
    ]);
  });
});

describe('the GPUs of a snapshot', () => {
  const answers =
    (found: Record<string, string>) =>
    ({ fact, vendor }: GpuRequirement): Promise<Finding> => {
      const answer = found[`${vendor} ${fact}`];
      return Promise.resolve({
        status: answer === undefined ? 'fail' : 'pass',
        found: answer ?? '',
        wanted: '',
      });
    };

  it('are those that a job sees, with driver and toolkit', async () => {
    const found = {
      'nvidia count': '2 (NVIDIA L4)',
      'nvidia driver': '550.54.15',
      'nvidia cuda driver': '12.4',
      'nvidia cuda toolkit': '12.4.131',
    };
    expect((await gpuSection(answers(found))).lines).toEqual([
      '  vendor: nvidia',
      '  count: ">=2"',
      '  driver: "==550.54.15"',
      '  cuda:',
      '    driver: "==12.4"',
      '    toolkit: "==12.4.131"',
    ]);
    const amd = { 'amd count': '1', 'amd rocm': '6.4.0' };
    expect((await gpuSection(answers(amd))).lines).toEqual([
      '  vendor: amd',
      '  count: ">=1"',
      '  rocm: "==6.4.0"',
    ]);
  });

  it('are none where there is only a toolkit', async () => {
    expect((await gpuSection(answers({ 'nvidia cuda toolkit': '12.4.131' }))).lines).toEqual([]);
  });
});

describe('packages that somebody chose', () => {
  const one = (name: string, architecture: string, version = '1-1'): InstalledPackage => ({
    ...{ name, architecture, version, state: 'installed', provides: [] },
  });
  const chosen = async (manager: 'apt' | 'apk' | 'pacman' | 'dnf', files: Record<string, string>) => {
    const root = mkdtempSync(join(tmpdir(), 'chosen-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const found = await chosenPackages(manager, { environment: {} }, root);
    return (...packages: InstalledPackage[]) =>
      typeof found === 'function' ? packages.map(found) : found.unknown;
  };

  it('are by apt those that it did not mark, also for another architecture', async () => {
    const mark = (name: string, state: number) =>
      `Package: ${name}\nArchitecture: amd64\nAuto-Installed: ${state}\n`;
    const text = [mark('libssl3', 1), mark('tzdata', 1), mark('git', 0)].join('\n');
    const isChosen = await chosen('apt', { 'var/lib/apt/extended_states': text });
    const packages = [
      one('libssl3', 'amd64'),
      one('libssl3', 'i386'),
      one('tzdata', 'all'),
      one('git', 'amd64'),
    ];
    expect(isChosen(...packages)).toEqual([false, true, false, true]);
  });

  it('are by apt without marks all', async () => {
    expect((await chosen('apt', {}))(one('git', 'amd64'))).toEqual([true]);
  });

  it('are by apk those of its world, and by pacman those without a reason', async () => {
    const world = await chosen('apk', { 'etc/apk/world': 'git>2\npython3~=3.12\nbusybox@edge\n' });
    expect(world(one('git', 'x86_64'), one('python3', 'x86_64'), one('musl', 'x86_64'))).toEqual([
      true,
      true,
      false,
    ]);
    const local = 'var/lib/pacman/local';
    const pacman = await chosen('pacman', {
      [`${local}/git-1-1/desc`]: '%NAME%\ngit\n',
      [`${local}/zlib-1-1/desc`]: '%NAME%\nzlib\n\n%REASON%\n1\n\n',
    });
    expect(pacman(one('git', 'x86_64'), one('zlib', 'x86_64'))).toEqual([true, false]);
  });

  it('are unknown where the manager does not tell', async () => {
    expect((await chosen('dnf', {}))(one('git', 'x86_64'))).toBe(
      'dnf does not tell here which packages somebody chose',
    );
  });

  it('are asked for with their architecture where it is not the machine’s', () => {
    const dpkg = { separator: ':', native: 'amd64' } as const;
    const packages = [one('a', 'amd64'), one('a', 'all'), one('a', 'i386')];
    expect(packages.map((each) => askedName(each, dpkg))).toEqual(['a', 'a', 'a:i386']);
    expect(askedName(one('a', 'x86_64'), {})).toBe('a');
  });
});
