import { describe, expect, it } from 'vitest';
import { probeEnvironment } from '../src/probe-environment.ts';

const passed = (names: readonly string[], platform: NodeJS.Platform = 'linux'): string[] => {
  const environment = Object.fromEntries(names.map((name) => [name, 'given']));
  return names.filter((name) => probeEnvironment(environment, platform)[name] === 'given');
};

describe('probeEnvironment', () => {
  it('passes on what programs and version managers need', () => {
    const names = [
      'PATH',
      'HOME',
      'USER',
      'LANG',
      'LC_CTYPE',
      'TMPDIR',
      'XDG_CONFIG_HOME',
      'LD_LIBRARY_PATH',
    ];
    const managers = ['JAVA_HOME', 'PYENV_ROOT', 'NVM_DIR', 'ANDROID_SDK_ROOT', 'GOROOT', 'PYENV_VERSION'];
    const network = ['DOCKER_HOST', 'CONTAINER_HOST', 'https_proxy', 'NO_PROXY'];
    const all = [...names, ...managers, ...network, 'RUNNER_TRACKING_ID'];
    expect(passed(all)).toEqual(all);
  });

  it('passes on no other variable of the job', () => {
    const secrets = [
      'DATABASE_URL',
      'GITHUB_TOKEN',
      'DOCKER_AUTH_CONFIG',
      'DOCKER_PASSWORD',
      'SECRET_DIR',
      'MY_KEY_DIR',
    ];
    const changers = [
      'LD_PRELOAD',
      'BASH_ENV',
      'ENV',
      'NODE_OPTIONS',
      'PYTHONSTARTUP',
      'PERL5OPT',
      'GIT_SSH_COMMAND',
    ];
    const runner = [
      'INPUT_DIR',
      'INPUT_X_HOME',
      'GITHUB_X_ROOT',
      'ACTIONS_CACHE_DIR',
      'RUNNER_NAME',
      'ProgramFiles',
    ];
    expect(passed([...secrets, ...changers, ...runner])).toEqual([]);
  });

  it('passes on what programs need on Windows', () => {
    const names = [
      'Path',
      'PATHEXT',
      'SystemRoot',
      'ComSpec',
      'ProgramFiles(x86)',
      'APPDATA',
      'USERPROFILE',
      'TEMP',
    ];
    expect(passed(names, 'win32')).toEqual(names);
  });
});
