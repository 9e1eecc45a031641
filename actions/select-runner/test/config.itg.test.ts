import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Fleet, type FleetRepository, type JobOptions, launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, fleet, runner, simulate } from './run-select-runner.ts';

const path = '.github/runner-config.yml';
const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';
const elsewhere = '1111111111111111111111111111111111111111';
/** The name of the pool shows which file was used. */
const configOf = (pool: string, more = '') =>
  `version: 1\npools:\n  ${pool}:\n    runs-on: [self-hosted, linux]\n${more}`;

/** Creates a workspace as an earlier job may have left it. */
function workspace(files: Record<string, string>): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'work-')), '_work', 'app', 'app');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function withFiles(change: Partial<FleetRepository>, more: Partial<Fleet> = {}): Fleet {
  const base = fleet({ runners: [runner(1, { labels: ['self-hosted', 'linux'] })], ...more });
  const [first] = base.repositories;
  return { ...base, repositories: [{ ...first!, ...change }, ...base.repositories.slice(1)] };
}

const both = {
  files: { [path]: configOf('default-branch') },
  files_at: { [sha]: { [path]: configOf('at-sha') } },
};

async function choose(given: Omit<JobOptions, 'steps'> & { fleet?: Fleet; with?: Record<string, string> }) {
  const simulator = await simulate(given.fleet ?? withFiles(both));
  const job = await launchJob({
    ...given,
    env: { GITHUB_API_URL: simulator.url, GITHUB_SHA: sha, ...given.env },
    steps: [{ action, with: { 'runner-token': 'admin-token', ...given.with } }],
  });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  const contents = simulator.requests.filter((request) => request.path.includes('/contents/'));
  return { ...step, contents };
}

const fork = (association = 'NONE') => ({
  name: 'pull_request',
  payload: {
    repository: { private: true },
    pull_request: {
      number: 7,
      author_association: association,
      user: { login: 'stranger' },
      head: { repo: { full_name: 'stranger/app' } },
    },
  },
});

describe('select-runner: which configuration file is used', () => {
  it.each([
    ['a detached HEAD', { '.git/HEAD': `${sha}\n` }],
    ['a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${sha}\n` }],
    [
      'a packed branch',
      { '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `# pack-refs\n${sha} refs/heads/main\n` },
    ],
  ])('uses the file of the checkout when it is at the commit of this run: %s', async (_name, git) => {
    const { outputs, contents } = await choose({
      workspace: workspace({ ...git, [path]: configOf('checkout') }),
    });
    expect(outputs).toMatchObject({ pool: 'checkout', reason: 'idle' });
    expect(contents).toEqual([]);
  });

  it.each([
    ['a leftover checkout of another commit', { '.git/HEAD': `${elsewhere}\n` }],
    ['no repository', {}],
    [
      'a branch at another commit',
      { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': elsewhere },
    ],
    ['a HEAD that points outside the .git folder', { '.git/HEAD': 'ref: refs/../../../HEAD\n', HEAD: sha }],
    ['a .git file that points to a repository', { '.git': 'gitdir: ../other' }],
  ])('ignores the file in the workspace and reads the run’s commit from the API: %s', async (_name, git) => {
    const { outputs, contents } = await choose({
      workspace: workspace({ ...(git as Record<string, string>), [path]: configOf('stranger') }),
    });
    expect(outputs).toMatchObject({ pool: 'at-sha' });
    expect(contents.map(({ query }) => query['ref'])).toEqual([sha]);
  });

  it('ignores the workspace when .git is a symlink, even to a checkout of this run’s commit', async () => {
    const other = workspace({ '.git/HEAD': `${sha}\n` });
    const folder = workspace({ [path]: configOf('stranger') });
    symlinkSync(join(other, '.git'), join(folder, '.git'));
    expect((await choose({ workspace: folder })).outputs).toMatchObject({ pool: 'at-sha' });
  });

  it('fails when the configuration file is a symlink out of the checkout', async () => {
    const folder = workspace({ '.git/HEAD': `${sha}\n`, '.github/x': '' });
    symlinkSync('/etc/hostname', join(folder, path));
    const { exitCode, annotations } = await choose({ workspace: folder });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(
      /runner-config\.yml:1:1: expected a file of the repository, not a link out of it,/,
    );
  });

  it('uses the file of the default branch for a pull request from a fork, not the file of its checkout', async () => {
    const given = withFiles({ ...both, files: { [path]: configOf('default-branch', 'trust: [MEMBER]\n') } });
    const folder = workspace({
      '.git/HEAD': `${sha}\n`,
      [path]: configOf('fork', 'trust: [MEMBER, CONTRIBUTOR]\n'),
    });
    const contributor = await choose({ fleet: given, workspace: folder, event: fork('CONTRIBUTOR') });
    expect(contributor.outputs).toMatchObject({ reason: 'untrusted', 'is-self-hosted': 'false' });
    expect(contributor.contents.map(({ query }) => query['ref'])).toEqual([undefined]);
    const member = await choose({ fleet: given, workspace: folder, event: fork('MEMBER') });
    expect(member.outputs).toMatchObject({ pool: 'default-branch', 'is-self-hosted': 'true' });
  });

  it('uses the file of the default branch for unknown events and unreadable payloads', async () => {
    for (const event of [
      { name: 'new_event', payload: {} },
      { name: 'push', payload: '{"broken' },
    ]) {
      const { contents, outputs } = await choose({
        event,
        workspace: workspace({ '.git/HEAD': sha, [path]: configOf('checkout') }),
      });
      expect(contents.map(({ query }) => query['ref'])).toEqual([undefined]);
      expect(outputs['is-self-hosted']).toBe('false');
    }
  });
});

describe('select-runner: a missing or unreadable configuration', () => {
  it('fails when the configuration is missing, and no labels are given or the input config names it', async () => {
    const none = await choose({ fleet: withFiles({}) });
    expect(none.annotations[0]?.message).toMatch(
      /Input 'labels' is empty, and there is no \.github\/runner-config\.yml/,
    );
    const named = await choose({ fleet: withFiles({}), with: { config: 'ci/config.yml', labels: 'a' } });
    expect(named.annotations[0]?.message).toMatch(
      /Input 'config' names ci\/config\.yml, but this file does not exist/,
    );
    expect([none.exitCode, named.exitCode]).toEqual([1, 1]);
  });

  it('uses the hosted fallback and names the missing permission when the token may not read the file', async () => {
    const base = withFiles(both);
    const tokens = { ...base.tokens, 'github-token': { permissions: { actions: 'read' as const } } };
    const { outputs, annotations, exitCode } = await choose({ fleet: { ...base, tokens } });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ reason: 'unknown', 'runs-on': '"ubuntu-latest"', confidence: 'low' });
    expect(annotations[0]).toMatchObject({ level: 'warning' });
    expect(annotations[0]?.message).toMatch(
      /could not be fetched.*403.*Set the input 'token' to a token with 'contents: read' on octo\/app/,
    );
  });

  it('annotates once in a job that GitHub refuses the configuration, with its sentence, and then logs it', async () => {
    const base = withFiles(both);
    const tokens = { ...base.tokens, 'github-token': { permissions: { actions: 'read' as const } } };
    const simulator = await simulate({ ...base, tokens });
    const step = { action, with: { 'runner-token': 'admin-token' } };
    const { steps } = await launchJob({
      env: { GITHUB_API_URL: simulator.url, GITHUB_SHA: sha },
      steps: [step, step],
    });
    const message =
      '/repos/octo/app/contents/.github/runner-config.yml: 403 the token lacks a permission; GitHub accepts: contents=read; GitHub says: Resource not accessible by';
    expect(steps.map(({ annotations }) => annotations.length)).toEqual([1, 0]);
    expect(steps[0]?.annotations[0]?.message).toContain(message);
    expect(steps[1]?.stdout).toContain(message);
    expect(steps.map(({ outputs }) => outputs['reason'])).toEqual(['unknown', 'unknown']);
  });

  it('uses the hosted fallback when the token cannot see the repository', async () => {
    const base = withFiles({ private: true });
    const other = { permissions: { contents: 'read' as const }, repositories: ['.github'] };
    const { outputs, annotations } = await choose({
      fleet: { ...base, tokens: { ...base.tokens, 'github-token': other } },
    });
    expect(outputs).toMatchObject({ reason: 'unknown', 'runs-on': '"ubuntu-latest"' });
    expect(annotations[0]?.message).toMatch(/could not be fetched.*'contents: read' on octo\/app/);
  });

  it('uses the hosted fallback when an extended file of another repository cannot be read, and its pool when it can', async () => {
    const more = 'extends: octo/.github:base.yml@v2\n';
    const files_at = { [sha]: { [path]: `${more}pools:\n  own:\n    min-free: 1\n` } };
    const base = withFiles({ files_at });
    const missing = await choose({ fleet: base });
    expect(missing.outputs['runs-on']).toBe('"ubuntu-latest"');
    expect(missing.annotations[0]?.message).toMatch(
      /octo\/\.github:base\.yml@v2: .*404.*'contents: read' on octo\/\.github/,
    );
    const other = { id: 2, name: '.github', files_at: { v2: { 'base.yml': configOf('own') } } };
    const found = await choose({ fleet: { ...base, repositories: [...base.repositories, other] } });
    expect(found.outputs).toMatchObject({ pool: 'own', reason: 'idle' });
  });

  it('fails on an Enterprise Server when the configuration cannot be fetched', async () => {
    const { exitCode, outputs, annotations } = await choose({
      fleet: withFiles({}),
      env: { GITHUB_SERVER_URL: 'https://ghe.example' },
      with: { token: 'expired' },
    });
    expect([exitCode, outputs['decision'], outputs['reason']]).toEqual([1, 'fail', 'unknown']);
    expect(annotations.at(-1)?.message).toMatch(/^Fails: the configuration could not be fetched/);
  });

  it('annotates every mistake in the file at its line', async () => {
    const files_at = { [sha]: { [path]: 'version: 1\npools:\n  a:\n    runs-onn: x\n    min-free: none\n' } };
    const { exitCode, annotations } = await choose({ fleet: withFiles({ files_at }) });
    expect(exitCode).toBe(1);
    expect(annotations.map(({ file, line }) => [file, line])).toEqual([
      [path, 4],
      [path, 5],
    ]);
    expect(annotations[0]?.message).toMatch(/Did you mean 'runs-on'/);
  });
});

describe('select-runner: settings in the configuration', () => {
  const text = `version: 1
pools:
  mac: { runs-on: [self-hosted, macOS], min-free: 1 }
  linux: { runs-on: [self-hosted, linux], when-busy: queue }
  hosted: { runs-on: ubuntu-24.04, kind: hosted }
classes:
  light: { pools: [hosted] }
  heavy: { pools: [mac, linux, hosted] }
rollout: { none: 0% }
environments:
  staging: { pools: { linux: { when-busy: fallback } } }
`;
  const given = (runners = [runner(1, { labels: ['self-hosted', 'linux'], busy: true })]) => ({
    ...withFiles({ runners, files_at: { [sha]: { [path]: text } } }),
  });

  it.each([
    ['uses the first pool that can take the job', {}, { pool: 'linux', reason: 'online' }],
    [
      'uses the pools of the class',
      { class: 'light' },
      { pool: 'hosted', reason: 'hosted', label: 'ubuntu-24.04' },
    ],
    ['lets an input override it', { 'when-busy': 'fallback' }, { pool: 'hosted', reason: 'no-match' }],
    ['lets an environment override it', { environment: 'staging' }, { pool: 'hosted', reason: 'no-match' }],
    [
      'uses hosted runners when the rollout is at 0%',
      { rollout: 'none' },
      { pool: 'hosted', reason: 'rollout' },
    ],
    ['uses the pool that force names', { force: 'mac' }, { pool: 'mac', reason: 'forced' }],
    ['uses a hosted pool when force is true', { force: 'true' }, { pool: 'hosted', reason: 'forced' }],
  ])('%s', async (_name, inputs, expected) => {
    const { outputs, exitCode } = await choose({ fleet: given(), with: inputs });
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject(expected);
  });

  it.each([
    [{ class: 'heavi' }, /Input 'class' is 'heavi': expected one of light, heavy\. Did you mean 'heavy'/],
    [{ force: 'linus' }, /Input 'force' is 'linus': .* Did you mean 'linux'/],
    [{ rollout: 'non' }, /Input 'rollout' is 'non': .* Did you mean 'none'/],
    [{ rollout: 'constructor' }, /Input 'rollout' is 'constructor': expected one of none/],
    [{ class: 'constructor' }, /Input 'class' is 'constructor': expected one of light, heavy/],
    [
      { environment: 'stagin' },
      /environments: found 'stagin', expected one of staging\. Did you mean 'staging'/,
    ],
  ])('rejects names that it does not declare: %o', async (inputs, message) => {
    const { exitCode, annotations } = await choose({
      fleet: given(),
      with: inputs as unknown as Record<string, string>,
    });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(message);
  });

  it('applies the environment named in the machine’s variable if the configuration has it, and ignores it otherwise', async () => {
    const staging = await choose({ fleet: given(), env: { RUNNER_ACTIONS_ENVIRONMENT: 'staging' } });
    expect(staging.outputs).toMatchObject({ pool: 'hosted' });
    const both = { RUNNER_ACTIONS_VARS_ENVIRONMENT: 'staging', RUNNER_ACTIONS_ENVIRONMENT: 'moon' };
    expect((await choose({ fleet: given(), env: both })).outputs['pool']).toBe(staging.outputs['pool']);
    const empty = { RUNNER_ACTIONS_VARS_ENVIRONMENT: '', RUNNER_ACTIONS_ENVIRONMENT: 'staging' };
    expect((await choose({ fleet: given(), env: empty })).outputs['pool']).toBe(staging.outputs['pool']);
    const other = await choose({ fleet: given(), env: { RUNNER_ACTIONS_ENVIRONMENT: 'moon' } });
    expect(other).toMatchObject({ exitCode: 0, outputs: { pool: 'linux' } });
  });
});
