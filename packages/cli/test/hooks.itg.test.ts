import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchJob, withMounts, withPolicy } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { leftovers, listTree, makeRunner, nodes, ofDeadCleanUp, tree } from './world.ts';

const hook = (name: 'job-started' | 'job-completed') => join(tree, 'hooks', `${name}.js`);
const work = ['_work/app/app/file', '_work/app/app/kept/file'];
const trash = `_work/.trash/${ofDeadCleanUp}/1/app/file`;
const [node = process.execPath] = nodes;

interface Run {
  file?: string;
  policy?: string;
  wrap?: readonly string[] | undefined;
  env?: Record<string, string>;
  node?: string;
}

/** Runs a hook as the runner does: by its absolute path, in the workspace, with the variables of the runner. */
function runHook(
  root: string,
  { file = hook('job-completed'), policy, wrap = [], env = {}, node: one = node }: Run = {},
) {
  const workspace = join(root, '_work/app/app');
  mkdirSync(workspace, { recursive: true });
  const all = [...((policy === undefined ? wrap : withPolicy(policy)) ?? []), one, file];
  const { status, stdout, stderr } = spawnSync(all[0] ?? '', all.slice(1), {
    cwd: workspace,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      ...{ GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace, RUNNER_WORKSPACE: join(root, '_work/app') },
      ...{ RUNNER_TEMP: join(root, '_work/_temp'), RUNNER_TOOL_CACHE: join(root, '_work/_tool') },
      ...{ RUNNER_ENVIRONMENT: 'self-hosted', DOCKER_HOST: 'unix:///nowhere' },
      ...env,
    },
  });
  return { status, output: stdout + stderr };
}

const inWorkspace = (root: string) => readdirSync(join(root, '_work/app/app')).sort();
const isAllowed = withPolicy('') !== undefined;

it('both run around a job of the runner, and leave the workspace without a policy', async () => {
  const root = makeRunner(trash);
  const machine = {
    ACTIONS_RUNNER_HOOK_JOB_STARTED: hook('job-started'),
    ACTIONS_RUNNER_HOOK_JOB_COMPLETED: hook('job-completed'),
  };
  const steps = [{ run: ['/bin/sh', '-c', 'echo > file; sleep 600 > /dev/null 2>&1 &'] }];
  const { hooks, conclusion, workspace, orphans } = await launchJob({ steps, directory: root, machine });
  expect([conclusion, orphans, readdirSync(workspace)]).toEqual(['success', [], ['file']]);
  expect(hooks.started?.log).toContain('Plan for leftovers: 1 entry');
  expect(listTree(join(root, '_work'))).not.toContain('.trash');
  expect(hooks.completed?.log).toMatch(/workspace stays as it is.*'cleanup\.keep'[^]*remove "sleep \(pid/);
  expect([hooks.started?.annotations, hooks.completed?.annotations]).toEqual([[], []]);
});

describe.runIf(isAllowed)('the hook for the end of a job, with a policy', () => {
  it.each(nodes)('empties the workspace but for what keep names, with %s', (one) => {
    const root = makeRunner(...work);
    const { status, output } = runHook(root, { policy: 'cleanup: { keep: [kept] }\n', node: one });
    expect([status, inWorkspace(root)], output).toEqual([0, ['kept']]);
  });

  it('takes nothing from the environment of the job', () => {
    const root = makeRunner(...work);
    const env = {
      INPUT_KEEP: '**',
      INPUT_WORKSPACE: 'false',
      'INPUT_DRY-RUN': 'true',
      NODE_OPTIONS: '--no-warnings',
    };
    expect(runHook(root, { policy: 'cleanup: { keep: [] }\n', env }).status).toBe(0);
    expect(inWorkspace(root)).toEqual([]);
  });

  it('fails the job only for residue, and only if the policy is strict', () => {
    const residue = (strict: boolean) => {
      const root = makeRunner(...work, '_work/app/app/mounted/x', 'etc/runner-actions/policy.yml');
      writeFileSync(
        join(root, 'etc/runner-actions/policy.yml'),
        `cleanup: { keep: [], strict: ${strict} }\n`,
      );
      cpSync('/etc/passwd', join(root, 'etc/passwd'));
      const mounts = [
        ['--bind', join(root, 'etc'), '/etc'],
        ['-t', 'tmpfs', 'tmpfs', join(root, '_work/app/app/mounted')],
      ];
      return runHook(root, { wrap: withMounts(mounts) });
    };
    expect(residue(true)).toMatchObject({ status: 1, output: expect.stringContaining('::error') as unknown });
    expect(residue(false)).toMatchObject({
      status: 0,
      output: expect.stringContaining('::warning') as unknown,
    });
    const strict = { policy: 'cleanup: { keep: [], strict: true }\n' };
    expect(runHook(makeRunner(...work), strict).status).toBe(0);
  });

  it('does nothing for a policy with mistakes, and says so', () => {
    const root = makeRunner(...work);
    const { status, output } = runHook(root, { policy: 'cleanup: { keep: 5, budget: x }\n' });
    expect([status, inWorkspace(root)]).toEqual([0, ['file', 'kept']]);
    expect(output).toMatch(/::warning.*policy\.yml:1:\d+: cleanup\.keep/);
    expect(output).toMatch(/::warning.*Nothing is cleaned: .*policy\.yml:1:\d+: cleanup\.budget/);
    expect(output).not.toContain('::error');
  });

  it.each([
    { GITHUB_WORKSPACE: '/' },
    { RUNNER_TEMP: '/etc' },
    { GITHUB_WORKSPACE: '/nowhere/app/app', RUNNER_TEMP: '/nowhere/_temp' },
  ])('removes nothing with %j', (env) => {
    const root = makeRunner(...work);
    const { status, output } = runHook(root, { policy: 'cleanup: { keep: [] }\n', env });
    expect([status, inWorkspace(root)]).toEqual([0, ['file', 'kept']]);
    expect(output).toMatch(/^::warning::.*(not emptied|nothing to clean)/m);
  });

  it('cleans only the folders of the runner that started it', () => {
    const [root, other] = [makeRunner(...work), makeRunner()];
    const worker = [
      'bash',
      '--norc',
      '-c',
      'exec -a "$0" "$@"',
      join(other, 'bin/Runner.Worker'),
      process.execPath,
    ];
    const start = [
      ...worker,
      '-e',
      "process.exit(require('child_process').spawnSync(process.argv[1], process.argv.slice(2), { stdio: 'inherit' }).status)",
    ];
    const wrap = [...(withPolicy('cleanup: { keep: [] }\n') ?? []), ...start];
    const { status, output } = runHook(root, { wrap });
    expect([status, inWorkspace(root)]).toEqual([0, ['file', 'kept']]);
    expect(output).toMatch(/::warning::Nothing is cleaned: .*but the work folder of this runner is/);
  });
});

describe.runIf(isAllowed)('the hook for the start of a job, with a manifest of the policy', () => {
  const text =
    'version: 1\ntools: { not-there: { version: latest, severity: error } }\nenv: { PATH: { set: true } }\n';

  /** Runs the hook with a policy that names a manifest with this text. */
  const start = (manifest: string, onUnmet: string, one = node) => {
    const path = join(mkdtempSync(join(tmpdir(), 'machine-')), 'requirements.yml');
    writeFileSync(path, manifest);
    const policy = `hooks: { on-unmet: ${onUnmet}, manifest: ${path} }\n`;
    const root = makeRunner(trash);
    mkdirSync(join(root, '_work/app/app/.github'), { recursive: true });
    // The repository's own manifest counts for nothing.
    writeFileSync(
      join(root, '_work/app/app/.github/runner-requirements.yml'),
      'version: 1\ntools: { other: latest }\n',
    );
    const ran = runHook(root, { file: hook('job-started'), policy, node: one });
    return { ...ran, tree: listTree(join(root, '_work')) };
  };

  it.each(nodes)(
    'fails the job for an unmet requirement if the policy says so, and cleans before, with %s',
    (one) => {
      const { status, output, tree } = start(text, 'fail', one);
      expect(status, output).toBe(1);
      expect(output).toMatch(/^::error::tool not-there: found .*requirements\.yml:2 of this machine/m);
      expect(output).toContain('does not meet 1 of 2 requirements');
      expect(output).toMatch(
        /::group::Requirements of this machine: 1 met, 1 not met, 0 unknown\n[^]*pass {2}env PATH/,
      );
      expect(output).not.toContain('tool other');
      expect(tree).not.toContain('.trash');
    },
  );

  it('warns of an unmet requirement without that', () => {
    const { status, output } = start(text, 'warn');
    expect(status, output).toBe(0);
    expect(output).toMatch(/^::warning::tool not-there: found/m);
    expect(output).not.toContain('::error');
  });

  it('never fails the job because of a manifest with mistakes', () => {
    const { status, output } = start('version: 1\ntools: 5\n', 'fail');
    expect(status, output).toBe(0);
    expect(output).toMatch(/^::warning::.* is not checked against .*it has mistakes: requirements.yml:2:/m);
  });
});

it('never fail the job: copied alone, with a full disk, without folders, on a hosted runner', () => {
  const alone = join(mkdtempSync(join(tmpdir(), 'alone-')), 'job-started.js');
  cpSync(hook('job-started'), alone);
  const root = makeRunner(trash, ...leftovers);
  expect(runHook(root, { file: alone })).toMatchObject({
    status: 0,
    output: expect.stringMatching(/^::warning::.*Copy the whole folder of the release/) as unknown,
  });
  const full = { GITHUB_STEP_SUMMARY: '/dev/full', GITHUB_ENV: '/dev/full', RUNNER_TRACKING_ID: 'github_x' };
  expect(runHook(root, { env: full }).status).toBe(0);
  const nowhere = { RUNNER_TEMP: '/nowhere/_work/_temp' };
  expect(runHook(root, { file: hook('job-started'), env: nowhere })).toMatchObject({
    status: 0,
    output: expect.stringMatching(/^::warning::/m) as unknown,
  });
  const hosted = runHook(makeRunner(trash), { env: { RUNNER_ENVIRONMENT: 'github-hosted' } });
  expect(hosted).toMatchObject({ status: 0, output: expect.stringContaining('nothing to clean') as unknown });
});
