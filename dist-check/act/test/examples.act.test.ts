import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOfExample } from '../../examples.ts';
import { ownName } from '../../release/pages.ts';
import { runAct, type Scenario } from '../run-act.ts';
import { fork, own, runners } from '../scenes.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
// Whoever copies an example has to change the repository's name, and no more.
beforeAll(() => void (world = openWorld('acme/ci')));
afterAll(() => world.close());

function copy(name: string): Record<string, string> {
  const files = Object.entries(filesOfExample(name));
  return Object.fromEntries(files.map(([path, text]) => [path, text.replaceAll(ownName, 'acme/ci')]));
}

/** A folder for PATH with programs that tell their version, write down how they were called, and then do `lines`. */
function programs(name: string, given: Record<string, string>): string {
  const folder = join(world.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const [program, lines] of Object.entries(given)) {
    const script = `#!/bin/sh
case "$1" in -V | -v | --version | version | -dumpfullversion) echo "${program} version 99.0.0"; exit 0 ;; esac
echo "${program} $*" >> "$EFFECT/calls"
${lines}
`;
    writeFileSync(join(folder, program), script);
    chmodSync(join(folder, program), 0o755);
  }
  return `${folder}:${process.env['PATH']}`;
}

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the example rust-desktop', () => {
  const models = (): string => join(world.folder, 'models');
  beforeAll(() => {
    mkdirSync(models(), { recursive: true });
    writeFileSync(join(models(), 'ggml-base.bin'), '');
    truncateSync(join(models(), 'ggml-base.bin'), 147_951_465);
    for (const name of ['webkit2gtk-4.1.pc', 'alsa.pc']) writeFileSync(join(models(), name), '');
  });

  /** The laptop's last heartbeat was so many minutes ago. */
  function rust(minutes: number, more: Partial<Scenario> = {}): Scenario {
    const files = copy('rust-desktop');
    const manifest = '.github/runner-requirements.yml';
    // This machine is no Fedora: what its packages bring is elsewhere.
    files[manifest] = (files[manifest] ?? '').replaceAll('/usr/lib64/pkgconfig', models());
    const cargo =
      'echo "$MODEL" >> "$EFFECT/model"; mkdir -p target/release && echo built > target/release/desktop';
    const path = programs('rust', {
      cargo,
      rustc: '',
      'pkg-config': '',
      curl: '',
      sudo: 'exec "$@"',
      'apt-get': '',
    });
    const beat = { created_at: ago(minutes), run_started_at: ago(minutes), updated_at: ago(minutes) };
    return {
      workflow: files['.github/workflows/ci.yml'] ?? '',
      files: { ...files, 'Cargo.lock': '' },
      fleet: {
        runs: [
          {
            ...{ id: 5, status: 'completed', conclusion: 'success', event: 'schedule', ...beat },
            path: '.github/workflows/heartbeat-laptop.yml',
          },
        ],
      },
      machines: ['ubuntu-latest', 'fedora', 'ubuntu-24.04'],
      env: { PATH: path, SPEECH_MODELS: models(), RUNNER_ACTIONS_CACHE: join(world.folder, 'rust-cache') },
      ...more,
    };
  }

  it('tests on the laptop while its heart beats, with the model of its disk, and builds the release', async () => {
    const { effects, status, log } = await runAct(world, rust(10));
    expect(effects['calls'], log).toMatch(/^cargo test --locked --workspace$/m);
    expect(effects['model']?.split('\n')[0]).toBe(join(models(), 'ggml-base.bin'));
    expect(log).toContain('source=heartbeat');
    expect(effects['artifact-desktop']).toBe('built');
    expect(status).toBe(0);
  });

  it('tests on a hosted machine when the laptop was closed an hour ago, and fetches the model there', async () => {
    const scenario = rust(60, { machines: ['ubuntu-latest', 'ubuntu-24.04'], environment: 'github-hosted' });
    // A hosted machine has no such variable, and the manifest is a warning there, which act cannot tell.
    delete scenario.env?.['SPEECH_MODELS'];
    delete scenario.files?.['.github/runner-requirements.yml'];
    const { effects, log } = await runAct(world, scenario);
    expect(effects['calls'], log).toContain(
      'curl --fail --silent --show-error --location --output models/ggml-base.bin',
    );
    expect(effects['calls']).toMatch(/apt-get install .*libwebkit2gtk[^]*^cargo test/m);
    expect(effects['model']?.split('\n')[0]).toBe('models/ggml-base.bin');
  });
});

describe('the example cpp-proxmox', () => {
  const life = ['spec', 'create', 'start', 'kill', 'delete'];

  function cpp(more: Partial<Scenario> = {}, failing = ''): Scenario {
    const files = copy('cpp-proxmox');
    const manifest = '.github/runner-requirements.yml';
    // A container, as this machine may be, has other cgroups.
    files[manifest] = (files[manifest] ?? '').replaceAll(
      '/sys/fs/cgroup/cgroup.controllers',
      '/proc/self/cgroup',
    );
    const cmake = `if [ "$1" = --build ]; then cat > build/runtime << 'END'
#!/bin/sh
echo "$*" >> "$EFFECT/runtime"
case "$*" in *" ${failing || 'nothing'} "*) exit 1 ;; esac
case "$*" in
  # What runc writes, and what it refuses without a console to send the terminal to.
  *' spec') printf '"terminal": true,\\n"sh"\\n' > config.json ;;
  *' create '*) grep -q '"terminal": false' config.json && grep -q '"sleep"' config.json || exit 1 ;;
esac
END
chmod +x build/runtime; else mkdir -p build; fi`;
    const quiet = { ccache: '', ctest: '', 'g++': '', 'clang++': '', busybox: '' };
    return {
      workflow: files['.github/workflows/ci.yml'] ?? '',
      files: { ...files, 'CMakeLists.txt': '' },
      fleet: {
        ...runners({ labels: ['self-hosted', 'linux', 'x64', 'proxmox'] }),
        organization_runners: [3, 4].map((id) => ({
          ...{ id, name: `proxmox-${id}`, os: 'linux', status: 'online' as const },
          labels: ['self-hosted', 'linux', 'x64', 'proxmox'],
        })),
      },
      machines: ['ubuntu-latest', 'proxmox'],
      secrets: { RUNNER_TOKEN: 'organization-token' },
      env: {
        PATH: programs(`cpp-${failing}`, { cmake, ...quiet, sudo: 'exec "$@"' }),
        RUNNER_ACTIONS_CACHE: join(world.folder, 'cpp-cache'),
      },
      ...more,
    };
  }

  /** What the runtime was told to do, without options and names. */
  function verbs(effects: Record<string, string>): string[] {
    return [...(effects['runtime'] ?? '').matchAll(/^--root \S+ (\w+)/gm)].map((match) => match[1] ?? '');
  }

  it('builds with both compilers on the two machines, and lets a container live and die with each', async () => {
    const { effects, status, log } = await runAct(world, cpp({ event: 'pull_request', payload: own }));
    expect(effects['calls'], log).toContain('-DCMAKE_CXX_COMPILER=g++');
    expect(effects['calls']).toContain('-DCMAKE_CXX_COMPILER=clang++');
    // The last one is the script's clean-up, which finds nothing to do.
    expect(verbs(effects)).toEqual([...life, 'delete', ...life, 'delete']);
    expect(status).toBe(0);
  });

  it('packages on a machine that is fit', async () => {
    const { effects, log } = await runAct(world, cpp());
    expect(effects['calls'], log).toContain('cmake --build build --parallel --target package');
  });

  it('fails when a container cannot be started, and deletes it all the same', async () => {
    const { effects, status } = await runAct(world, cpp({ event: 'pull_request', payload: own }, 'start'));
    expect(verbs(effects)).toEqual([
      'spec',
      'create',
      'start',
      'delete',
      'spec',
      'create',
      'start',
      'delete',
    ]);
    expect(status).toBe(1);
  });

  it('sends a fork to hosted machines', async () => {
    const { effects, log } = await runAct(
      world,
      cpp({ event: 'pull_request', payload: fork, machines: ['ubuntu-latest', 'ubuntu-24.04'] }),
    );
    expect(verbs(effects), log).toHaveLength(12);
  });
});
