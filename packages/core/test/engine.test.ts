import { describe, expect, it } from 'vitest';
import { readJob } from '../src/job.ts';

const gitea = { GITHUB_SERVER_URL: 'https://git.example' };

describe('engine of a job', () => {
  it.each([
    ['Gitea', { ...gitea, GITEA_ACTIONS: 'true' }, 'gitea'],
    ['Forgejo', { ...gitea, FORGEJO_ACTIONS: 'true' }, 'gitea'],
    ['act_runner exec', { ...gitea, ACT: 'true', GITEA_STATE: '/tmp/state' }, 'gitea'],
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
