import { describe, expect, it } from 'vitest';
import { readJob } from '../src/job.ts';

const gitea = { GITHUB_SERVER_URL: 'https://git.example' };
const giteaState = '/var/run/act/workflow/statecmd.txt';
const gitHubState = 'save_state_0b4a6e1c-9a2e-4a55-8f0b-3f1f5d1f3c11';

describe('engine of a job', () => {
  it.each([
    ['Gitea', { ...gitea, GITEA_ACTIONS: 'true' }, 'gitea'],
    ['Forgejo', { ...gitea, FORGEJO_ACTIONS: 'true' }, 'gitea'],
    ['Gitea with its file', { ...gitea, GITEA_ACTIONS: 'true', GITHUB_STATE: giteaState }, 'gitea'],
    [
      'act_runner exec',
      { ...gitea, ACT: 'true', GITEA_STATE: giteaState, GITHUB_STATE: giteaState },
      'gitea',
    ],
    [
      'a folder named like a file',
      { ...gitea, GITEA_ACTIONS: '1', GITHUB_STATE: '/save_state_/s.txt' },
      'gitea',
    ],
    ...['GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'GITEA_STATE'].flatMap((name) =>
      [
        '/r/_work/_temp/_runner_file_commands/',
        'C:\\r\\_work\\_temp\\_runner_file_commands\\',
        '/github/file_commands/',
      ].map((folder): [string, Record<string, string>, string] => [
        `an Enterprise Server with ${name} from its workflow, and a state in ${folder}`,
        { ...gitea, [name]: 'true', GITHUB_STATE: folder + gitHubState },
        'github',
      ]),
    ),
    ['an address that is none', { GITHUB_SERVER_URL: 'https://', GITEA_ACTIONS: 'true' }, 'gitea'],
    ['github.com', {}, 'github'],
    ['github.com with a variable of the workflow', { GITEA_ACTIONS: 'true' }, 'github'],
    ['data residency', { GITHUB_SERVER_URL: 'https://team.ghe.com', GITEA_ACTIONS: 'true' }, 'github'],
    ['an Enterprise Server', gitea, 'github'],
    ['act', { ...gitea, ACT: 'true' }, 'github'],
    ['an empty variable', { ...gitea, GITEA_ACTIONS: '' }, 'github'],
  ])('%s', (_title, environment, engine) => expect(readJob(environment).engine).toBe(engine));

  it.each([
    ['linux', 'amd64', 'Linux', 'X64'],
    ['darwin', 'arm64', 'macOS', 'ARM64'],
    ['windows', '386', 'Windows', 'X86'],
    ['linux', 'aarch64', 'Linux', 'ARM64'],
    ['linux', 'x86_64', 'Linux', 'X64'],
    ['linux', 'arm', 'Linux', 'ARM'],
    ['Linux', 'X64', 'Linux', 'X64'],
    ['macOS', 'ARM64', 'macOS', 'ARM64'],
    ['freebsd', 'riscv64', 'freebsd', 'riscv64'],
    ['constructor', '', 'constructor', ''],
  ])('%s on %s is %s on %s, as GitHub writes it', (os, arch, system, processor) => {
    const { runner } = readJob({ RUNNER_OS: os, RUNNER_ARCH: arch });
    expect([runner.os, runner.arch]).toEqual([system, processor]);
  });
});
