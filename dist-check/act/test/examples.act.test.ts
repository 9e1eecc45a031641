import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOfExample } from '../../examples.ts';
import { ownName } from '../../release/pages.ts';
import { runAct, type Scenario } from '../run-act.ts';
import { pullRequestFromFork, ownPullRequest, oneRunner } from '../fixtures.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
// A user who copies an example only has to change the name of the repository.
beforeAll(() => void (testBed = createTestBed('acme/ci')));
afterAll(() => testBed.close());

function copy(name: string): Record<string, string> {
  const files = Object.entries(filesOfExample(name));
  return Object.fromEntries(files.map(([path, text]) => [path, text.replaceAll(ownName, 'acme/ci')]));
}

/** What programs answer when they are asked for their version, since each is read by its own rule. */
const answers: Record<string, string> = {
  cargo: 'cargo 1.99.0 (000000000 2026-01-01)',
  rustc: 'rustc 1.99.0 (000000000 2026-01-01)',
  curl: 'curl 8.9.0',
  sudo: 'Sudo version 1.9.13',
  cmake: 'cmake version 3.99.0',
  ctest: 'ctest version 3.99.0',
  'g++': 'g++ (GCC) 99.0.0',
  'clang++': 'clang version 99.0.0',
  ccache: 'ccache version 4.9',
};

/**
 * Creates fake programs that print a version, record their arguments in `$EFFECT/calls` and then run the given lines.
 * Returns a PATH.
 */
function fakePrograms(name: string, scripts: Record<string, string>): string {
  const folder = join(testBed.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const [program, lines] of Object.entries(scripts)) {
    const script = `#!/bin/sh
case "$1" in -V | -v | --version | version | -dumpfullversion) echo "${answers[program] ?? '99.0.0'}"; exit 0 ;; esac
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
  const models = (): string => join(testBed.folder, 'models');
  beforeAll(() => {
    mkdirSync(models(), { recursive: true });
    writeFileSync(join(models(), 'ggml-base.bin'), '');
    truncateSync(join(models(), 'ggml-base.bin'), 147_951_465);
    for (const name of ['webkit2gtk-4.1.pc', 'alsa.pc']) writeFileSync(join(models(), name), '');
  });

  /** Returns the example's scenario. @param minutes since the laptop's last heartbeat */
  function rust(minutes: number, more: Partial<Scenario> = {}): Scenario {
    const files = copy('rust-desktop');
    const manifest = '.github/runner-requirements.yml';
    // The test machine is not Fedora, so the files of the packages are faked elsewhere.
    files[manifest] = (files[manifest] ?? '').replaceAll('/usr/lib64/pkgconfig', models());
    const cargo =
      'echo "$MODEL" >> "$EFFECT/model"; mkdir -p target/release && echo built > target/release/desktop';
    const path = fakePrograms('rust', {
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
      env: { PATH: path, SPEECH_MODELS: models(), RUNNER_ACTIONS_CACHE: join(testBed.folder, 'rust-cache') },
      ...more,
    };
  }

  it('tests on the laptop while its heartbeat is recent, with the model from its disk, and builds the release', async () => {
    const { effects, status, log } = await runAct(testBed, rust(10));
    expect(effects['calls'], log).toMatch(/^cargo test --locked --workspace$/m);
    expect(effects['model']?.split('\n')[0]).toBe(join(models(), 'ggml-base.bin'));
    expect(log).toContain('source=heartbeat');
    expect(effects['artifact-desktop']).toBe('built');
    expect(status).toBe(0);
  });

  it('tests on a hosted machine and downloads the model when the last heartbeat of the laptop is an hour old', async () => {
    const scenario = rust(60, { machines: ['ubuntu-latest', 'ubuntu-24.04'], environment: 'github-hosted' });
    // A hosted machine does not have this variable. The manifest only causes a warning there, which act cannot
    // reproduce.
    delete scenario.env?.['SPEECH_MODELS'];
    delete scenario.files?.['.github/runner-requirements.yml'];
    const { effects, log } = await runAct(testBed, scenario);
    expect(effects['calls'], log).toContain(
      'curl --fail --silent --show-error --location --output models/ggml-base.bin',
    );
    expect(effects['calls']).toMatch(/apt-get install .*libwebkit2gtk[^]*^cargo test/m);
    expect(effects['model']?.split('\n')[0]).toBe('models/ggml-base.bin');
  });
});

describe('the example cpp-proxmox', () => {
  const lifecycle = ['spec', 'create', 'start', 'kill', 'delete'];

  function cpp(more: Partial<Scenario> = {}, failing = ''): Scenario {
    const files = copy('cpp-proxmox');
    const manifest = '.github/runner-requirements.yml';
    // The test machine may be a container, with other cgroups.
    files[manifest] = (files[manifest] ?? '').replaceAll(
      '/sys/fs/cgroup/cgroup.controllers',
      '/proc/self/cgroup',
    );
    const cmake = `if [ "$1" = --build ]; then cat > build/runtime << 'END'
#!/bin/sh
echo "$*" >> "$EFFECT/runtime"
case "$*" in *" ${failing || 'nothing'} "*) exit 1 ;; esac
case "$*" in
  # Like runc: writes this configuration, and rejects a terminal without a console socket.
  *' spec') printf '"terminal": true,\\n"sh"\\n' > config.json ;;
  *' create '*) grep -q '"terminal": false' config.json && grep -q '"sleep"' config.json || exit 1 ;;
esac
END
chmod +x build/runtime; else mkdir -p build; fi`;
    const noOps = { ccache: '', ctest: '', 'g++': '', 'clang++': '', busybox: '' };
    return {
      workflow: files['.github/workflows/ci.yml'] ?? '',
      files: { ...files, 'CMakeLists.txt': '' },
      fleet: {
        ...oneRunner({ labels: ['self-hosted', 'linux', 'x64', 'proxmox'] }),
        organization_runners: [3, 4].map((id) => ({
          ...{ id, name: `proxmox-${id}`, os: 'linux', status: 'online' as const },
          labels: ['self-hosted', 'linux', 'x64', 'proxmox'],
        })),
      },
      machines: ['ubuntu-latest', 'proxmox'],
      secrets: { RUNNER_TOKEN: 'organization-token' },
      env: {
        PATH: fakePrograms(`cpp-${failing}`, { cmake, ...noOps, sudo: 'exec "$@"' }),
        RUNNER_ACTIONS_CACHE: join(testBed.folder, 'cpp-cache'),
      },
      ...more,
    };
  }

  /** Returns the subcommands with which the runtime was called. */
  function runtimeCommands(effects: Record<string, string>): string[] {
    return [...(effects['runtime'] ?? '').matchAll(/^--root \S+ (\w+)/gm)].map((match) => match[1] ?? '');
  }

  it('builds with both compilers on the two machines, and runs a container through its lifecycle with each', async () => {
    const { effects, status, log } = await runAct(
      testBed,
      cpp({ event: 'pull_request', payload: ownPullRequest }),
    );
    expect(effects['calls'], log).toContain('-DCMAKE_CXX_COMPILER=g++');
    expect(effects['calls']).toContain('-DCMAKE_CXX_COMPILER=clang++');
    // The last command is the clean-up of the script, which finds nothing to delete.
    expect(runtimeCommands(effects)).toEqual([...lifecycle, 'delete', ...lifecycle, 'delete']);
    expect(status).toBe(0);
  });

  it('packages on a machine that meets the requirements', async () => {
    const { effects, log } = await runAct(testBed, cpp());
    expect(effects['calls'], log).toContain('cmake --build build --parallel --target package');
  });

  it('fails when a container cannot be started, and still deletes it', async () => {
    const { effects, status } = await runAct(
      testBed,
      cpp({ event: 'pull_request', payload: ownPullRequest }, 'start'),
    );
    expect(runtimeCommands(effects)).toEqual([
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

  it('sends pull requests from forks to hosted machines', async () => {
    const { effects, log } = await runAct(
      testBed,
      cpp({
        event: 'pull_request',
        payload: pullRequestFromFork,
        machines: ['ubuntu-latest', 'ubuntu-24.04'],
      }),
    );
    expect(runtimeCommands(effects), log).toHaveLength(12);
  });
});
