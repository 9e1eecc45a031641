import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { type Report, reportSchema } from '../../src/report-schema.ts';

const action = resolve(import.meta.dirname, '../..');

/** A folder for PATH with Node and scripts. Each begins with a line in `calls` of the same folder. */
function programs(scripts: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of Object.entries(scripts)) add(folder, name, script);
  return folder;
}

function add(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  const calls = join(folder, 'calls');
  writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} "$@" >> '${calls}'\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const calls = (folder: string): string[] =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];

/** A script that makes a program, as a package would. */
const makes = (path: string, version: string): string =>
  `/bin/mkdir -p '${dirname(path)}'\n/usr/bin/printf '#!/bin/sh\\necho ${version}\\n' > '${path}'\n/bin/chmod 755 '${path}'`;

async function start(
  manifest: string,
  {
    mode = 'install',
    env = {},
    ...more
  }: { mode?: string; env?: Record<string, string>; workspace?: string },
  inputs: Record<string, string> = {},
) {
  const steps = [{ action, with: { manifest, mode, 'on-failure': 'warn', ...inputs } }];
  const job = await launchJob({ env, steps, ...more });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  return {
    ...step,
    plan: JSON.parse(step.outputs['plan'] ?? 'null') as { rounds: { acts: unknown[] }[]; left: unknown[] },
  };
}

const notDebian = existsSync('/etc/debian_version') ? '' : ' (skipped: needs a system with apt)';
const npmPackage = 'version: 1\npackages: [{ npm: left }]\n';

/** An npm that installs into a folder of its own, and the variables for it. */
function npm(script = ''): { folder: string; env: Record<string, string>; prefix: string } {
  const prefix = mkdtempSync(join(tmpdir(), 'prefix-'));
  const made = join(prefix, 'lib/node_modules/left');
  const folder = programs({
    npm:
      script ||
      `/bin/mkdir -p '${made}'\necho '{ "name": "left", "version": "1.3.0" }' > '${made}/package.json'`,
  });
  return { folder, prefix, env: { PATH: folder, NPM_CONFIG_PREFIX: prefix } };
}

describe('mode: plan', () => {
  it('says what would be installed, and changes nothing', async () => {
    const { folder, env } = npm();
    const { exitCode, outputs, plan, stdout } = await start(
      npmPackage,
      { mode: 'plan', env },
      { 'on-failure': 'fail' },
    );
    expect([exitCode, outputs['ok'], calls(folder)]).toEqual([0, 'false', []]);
    const act = { by: 'npm', command: ['npm', 'install', '-g', 'left'], meets: ['package npm:left'] };
    expect(plan).toEqual({ version: 1, rounds: [{ acts: [act] }], left: [] });
    expect(stdout).toContain('1. npm install -g left (package npm:left)');
  });

  it.skipIf(notDebian !== '')(`upgrades a tool that is too old${notDebian}`, async () => {
    const folder = programs({ jq: 'echo jq-1.2' });
    const PATH = `/usr/sbin:${folder}`;
    const { plan } = await start('version: 1\ntools: { jq: ">=1.3" }\n', { mode: 'plan', env: { PATH } });
    const acts = plan.rounds.flatMap((round) => round.acts as { command: string[]; meets: string[] }[]);
    expect(acts.at(-1)?.meets).toEqual(['tool jq']);
    expect(acts.at(-1)?.command.slice(-4)).toEqual(['install', '-y', '--no-remove', 'jq']);
  });

  it('says what is left, and why', async () => {
    const { plan } = await start('version: 1\ntools: { no-such-tool: latest }\n', { mode: 'plan' });
    expect(plan.left).toEqual([{ name: 'tool no-such-tool', why: 'no command is known that installs it' }]);
  });
});

describe('mode: install', () => {
  it('adds what a toolchain of Rust lacks, by rustup itself', async () => {
    const home = mkdtempSync(join(tmpdir(), 'rustup-'));
    const folder = programs({ rustup: '[ "$RUSTUP_HOME" = \'' + home + "' ]" });
    const env = { PATH: folder, RUSTUP_HOME: home };
    const manifest = 'version: 1\nrust: [{ toolchain: "1.80", components: clippy }]\n';
    const { outputs, annotations } = await start(manifest, { env });
    const command = 'rustup toolchain install 1.80 --component clippy --no-self-update';
    expect([outputs['status'], calls(folder)]).toEqual(['fail', [command]]);
    expect(annotations[0]?.message).toMatch(/no toolchain 1\.80; .*; its installation changed nothing;/);
  });

  it('calls nothing when all is met', async () => {
    const folder = programs({ 'apt-get': '', sudo: '', npm: '' });
    const { outputs, plan } = await start('version: 1\ntools: { node: latest }\n', { env: { PATH: folder } });
    expect([outputs['status'], plan.rounds, calls(folder)]).toEqual(['pass', [], []]);
  });

  it('installs what is not met, by the command of the advice, and checks again', async () => {
    const { folder, env } = npm();
    const before = await start(npmPackage, { mode: 'check', env });
    expect(before.annotations[0]?.message).toContain('Install it: npm install -g left');
    const { outputs, stdout } = await start(npmPackage, { env });
    expect(calls(folder)).toEqual(['npm install -g left']);
    expect([outputs['status'], outputs['passed']]).toEqual(['pass', '1']);
    expect(stdout).toContain('npm install -g left');
    await start(npmPackage, { env });
    expect(calls(folder)).toEqual(['npm install -g left']);
  });

  it('says that an installation changed nothing', async () => {
    const { env } = npm('echo up to date');
    const { annotations, outputs } = await start(npmPackage, { env });
    expect(outputs['status']).toBe('fail');
    expect(annotations.map(({ message }) => message).join()).toContain(
      'not installed; its installation changed nothing; the last line of npm is: up to date',
    );
  });

  it('reports a command that fails, with its last line, and begins no other round', async () => {
    const { env } = npm('echo no network >&2\nexit 7');
    const { annotations, stdout } = await start(npmPackage, { env });
    const messages = annotations.map(({ message }) => message).join('\n');
    expect(messages).toContain("'npm install -g left': it ended with the exit code 7: no network.");
    expect(messages).not.toContain('not usable');
    expect(stdout).toContain('no network');
  });

  it('ends a command that takes too long', async () => {
    const { env } = npm('exec /bin/sleep 300');
    const { annotations } = await start(npmPackage, { env }, { 'install-timeout': '1s' });
    expect(annotations.map(({ message }) => message).join('\n')).toContain('it did not end in time');
  });

  it('records each command, how it ended and how long it took', async () => {
    const { env } = npm('echo no network >&2\nexit 7');
    const { outputs, summary } = await start(npmPackage, { env });
    const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Report;
    const act = { by: 'npm', command: ['npm', 'install', '-g', 'left'], meets: ['package npm:left'] };
    const problem = 'it ended with the exit code 7: no network';
    const seconds = expect.any(Number) as number;
    expect(report.installation).toEqual({ acts: [{ ...act, exitCode: 7, seconds, problem }] });
    expect(v.is(reportSchema, report)).toBe(true);
    expect(report.results[0]?.found).toContain(`its installation failed: ${problem}`);
    expect(summary).toMatch(
      /\| `npm install -g left` \| it ended with the exit code 7: no network \| 7 \| \d/,
    );
  });

  it('records why nothing was begun, and nothing without an installation', async () => {
    const { env } = npm();
    const read = async (mode: string, event: string) => {
      const { outputs } = await start(npmPackage, { mode, env: { ...env, GITHUB_EVENT_NAME: event } });
      return (JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Report).installation;
    };
    const problem = expect.stringContaining('the event is untrusted') as string;
    expect(await read('install', 'issue_comment')).toEqual({ acts: [], problem });
    expect([await read('plan', 'push'), await read('check', 'push')]).toEqual([undefined, undefined]);
  });

  it('installs nothing for an untrusted event, and shows the command', async () => {
    const { folder, env } = npm();
    const { annotations, exitCode } = await start(npmPackage, {
      env: { ...env, GITHUB_EVENT_NAME: 'issue_comment' },
    });
    expect(calls(folder)).toEqual([]);
    expect([exitCode, annotations[0]?.message]).toEqual([
      0,
      expect.stringContaining('the event is untrusted'),
    ]);
    expect(annotations[0]?.message).toContain('npm install -g left');
  });

  it('passes no secret of the job to a manager', async () => {
    const { folder, env } = npm(`/usr/bin/env > "$NPM_CONFIG_PREFIX/env"`);
    await start(npmPackage, { env: { ...env, MY_TOKEN: 'secret-value', OTHER: 'other-value' } });
    const given = readFileSync(join(env['NPM_CONFIG_PREFIX'] ?? '', 'env'), 'utf8');
    expect(calls(folder)).toHaveLength(1);
    expect(given).not.toMatch(/secret-value|other-value|INPUT_|ACTIONS_/);
  });
});

describe("a team's own features", () => {
  /** A workspace with the features `keys`, and `tool` that depends on it and puts a program into a new folder. */
  function workspace() {
    const folder = mkdtempSync(join(tmpdir(), 'work-'));
    const made = join(folder, 'made');
    const check = (file: string): string =>
      `[ -f '${file}' ] && echo version 2.5 && exit 0\necho none; exit 1`;
    add(join(folder, 'f/keys'), 'check', check(join(made, 'keys')));
    add(
      join(folder, 'f/keys'),
      'install',
      `/bin/mkdir -p '${made}'; echo "$FEATURE_OPTION_CHANNEL" > '${made}/keys'`,
    );
    const bin = join(folder, 'new-bin');
    add(join(folder, 'f/tool'), 'check', check(join(bin, 'my-tool')));
    add(
      join(folder, 'f/tool'),
      'install',
      `[ -f '${made}/keys' ] || exit 3\n${makes(join(bin, 'my-tool'), '2.5')}\necho '${bin}' >> "$GITHUB_PATH"`,
    );
    const manifest = join(folder, 'manifest.yml');
    writeFileSync(
      manifest,
      [
        'version: 1',
        'tools: { my-tool: { version: ">=2", install: false } }',
        'features:',
        '  tool: { path: ./f/tool, version: ">=2", dependsOn: [keys] }',
        '  keys: { path: ./f/keys, options: { channel: stable } }\n',
      ].join('\n'),
    );
    return { folder, made, bin };
  }

  it('are installed in the order of what they depend on, and their folders come on PATH', async () => {
    const { folder, made, bin } = workspace();
    const env = { PATH: programs({}) };
    const { outputs, plan } = await start(
      'manifest.yml',
      { env, workspace: folder },
      { 'allow-commands': 'true' },
    );
    expect(plan.rounds).toHaveLength(2);
    expect([outputs['status'], outputs['passed']]).toEqual(['pass', '3']);
    expect(readFileSync(join(made, 'keys'), 'utf8')).toBe('stable\n');
    expect(existsSync(join(bin, 'my-tool'))).toBe(true);
  });

  it('run only with allow-commands', async () => {
    const { folder } = workspace();
    const { outputs, plan } = await start('manifest.yml', { workspace: folder });
    expect([outputs['status'], outputs['errored'], plan.rounds]).toEqual(['fail', '2', []]);
    expect(calls(join(folder, 'f/keys'))).toEqual([]);
  });

  it('never run for an untrusted event', async () => {
    const { folder } = workspace();
    const env = { GITHUB_EVENT_NAME: 'issue_comment' };
    const { outputs } = await start('manifest.yml', { env, workspace: folder }, { 'allow-commands': 'true' });
    expect([outputs['errored'], calls(join(folder, 'f/keys'))]).toEqual(['2', []]);
  });
});
