import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const token = 'ghp_0123456789abcdefghij';
const passing = 'version: 1\ntools: { node: latest }\n';

/** Runs the action on a checkout in which `make` creates the manifest. */
async function check(
  make: (path: string, workspace: string) => void,
  manifest = '.github/runner-requirements.yml',
) {
  const workspace = mkdtempSync(join(tmpdir(), 'work-'));
  mkdirSync(join(workspace, '.github'));
  make(join(workspace, '.github/runner-requirements.yml'), workspace);
  const { steps } = await launchJob({ workspace, steps: [{ action, with: { manifest } }] });
  const [step] = steps;
  const visible = [step?.log, step?.stdout, step?.summary, JSON.stringify(step?.annotations)].join('\n');
  return { exitCode: step?.exitCode, visible };
}

function secretFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'home-')), 'credentials');
  writeFileSync(path, `${token}\n`);
  return path;
}

describe('validate-preinstalled: untrusted manifest', () => {
  it('follows a symlink that stays in the checkout', async () => {
    const { exitCode } = await check((path, workspace) => {
      writeFileSync(join(workspace, 'real.yml'), passing);
      symlinkSync('../real.yml', path);
    });
    expect(exitCode).toBe(0);
  });

  it.each<[string, (path: string, workspace: string) => void]>([
    ['a symlink to a file of the machine', (path) => symlinkSync(secretFile(), path)],
    [
      'a symlink through a folder',
      (path, workspace) => {
        const secret = secretFile();
        symlinkSync(resolve(secret, '..'), join(workspace, 'away'));
        symlinkSync('../away/credentials', path);
      },
    ],
    [
      "one that reads git's configuration through links",
      (path, workspace) => {
        mkdirSync(join(workspace, '.git'));
        writeFileSync(join(workspace, '.git/config'), `[http]\n\textraheader = AUTHORIZATION: ${token}\n`);
        symlinkSync('.git/config', join(workspace, '.tool-versions'));
        symlinkSync('.git', join(workspace, 'git'));
        writeFileSync(path, 'version: 1\nfrom: .tool-versions\nextends: ../git/config\n');
      },
    ],
    ['a token', (path) => writeFileSync(path, `${token}\n`)],
    ['a token that is not valid YAML', (path) => writeFileSync(path, `a: |${token}\n`)],
    ['a named pipe', (path) => execFileSync('mkfifo', [path])],
  ])('rejects a manifest that is %s, and does not quote it', async (_, make) => {
    const { exitCode, visible } = await check(make);
    expect(exitCode).toBe(1);
    expect(visible).toContain('runner-requirements.yml');
    expect(visible).not.toContain(token);
  });

  it.each([
    ['the name of a file', token],
    ['YAML', `${token}\nmore`],
  ])('does not quote a token in the input manifest that looks like %s', async (_, manifest) => {
    const { exitCode, visible } = await check(() => undefined, manifest);
    expect(exitCode).toBe(1);
    expect(visible).toContain('manifest');
    expect(visible).not.toContain(token);
  });
});

describe('validate-preinstalled: on-failure of a manifest', () => {
  const manifest = `version: 1
on-failure: { runs-on: [self-hosted, of-a-stranger] }
env: { NOT_SET: { set: true } }
`;
  const fork = { name: 'issue_comment', payload: {} };
  const check = async (event: { name: string; payload: unknown } | undefined, fallback?: string) => {
    const given = { manifest, 'on-failure': 'fallback', ...(fallback === undefined ? {} : { fallback }) };
    const options = event === undefined ? {} : { event };
    const { steps } = await launchJob({ ...options, steps: [{ action, with: given }] });
    const notices = steps[0]?.annotations.filter(({ level }) => level === 'notice') ?? [];
    return { runsOn: steps[0]?.outputs['runs-on'], notices: notices.map(({ message }) => message).join() };
  };

  it('chooses no runner for an event of a stranger, and says so', async () => {
    const { runsOn, notices } = await check(fork);
    expect(runsOn).toBe('"ubuntu-latest"');
    expect(notices).toContain("'on-failure' of the manifest is ignored");
  });

  it('gives way to the input', async () => {
    expect(await check(fork, 'mine')).toEqual({ runsOn: '"mine"', notices: '' });
  });

  it('chooses the runner for an event of the repository itself', async () => {
    expect(await check(undefined)).toEqual({ runsOn: '["self-hosted","of-a-stranger"]', notices: '' });
  });
});

it('validate-preinstalled does not hang when the event file is a named pipe', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'event-')), 'event.json');
  execFileSync('mkfifo', [path]);
  const env = { GITHUB_EVENT_PATH: path };
  const { steps } = await launchJob({ env, steps: [{ action, with: { manifest: passing } }] });
  expect(steps[0]?.exitCode).toBe(0);
});

it('validate-preinstalled passes on only needed variables to tools, and checks all variables of the job', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  const seen = join(folder, 'seen');
  writeFileSync(join(folder, 'mill'), `#!/bin/sh\nenv > '${seen}'\necho 1.0\n`, { mode: 0o755 });
  const rc = join(folder, 'rc');
  writeFileSync(rc, '');
  const manifest =
    'version: 1\ntools: { mill: latest }\nenv: { DATABASE_URL: { set: true }, BASH_ENV: { is: file } }\n';
  const given = { DATABASE_URL: 'postgres://u:p@h/db', BASH_ENV: rc, MY_TOKEN: 'x', JAVA_HOME: '/opt/java' };
  const env = { ...given, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const { steps } = await launchJob({ env, steps: [{ action, with: { manifest } }] });
  expect(steps[0]).toMatchObject({ exitCode: 0, outputs: { passed: '3' } });
  const names = readFileSync(seen, 'utf8')
    .split('\n')
    .map((line) => line.split('=', 1)[0]);
  expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'JAVA_HOME']));
  for (const name of ['DATABASE_URL', 'BASH_ENV', 'MY_TOKEN', 'GITHUB_WORKSPACE', 'RUNNER_TEMP'])
    expect(names).not.toContain(name);
});
