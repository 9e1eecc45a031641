import type { Job } from '@runner-actions/core';

type Environment = Job['environment'];

/**
 * Variables that programs need to find executables, settings and the network, and by which the runner finds what they
 * leave behind.
 */
const common =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TMPDIR|TEMP|TMP|XDG_\w+|LD_LIBRARY_PATH|DOCKER_\w+|CONTAINER_HOST|RUNNER_TRACKING_ID|(?:HTTPS?|NO|ALL)_PROXY)$/i;

/** Folders of version managers and SDKs, and the selected versions. */
const managers =
  /^(?:\w+_(?:HOME|ROOT|DIR)|GOROOT|GOPATH|DPKG_ADMINDIR|RUSTUP_TOOLCHAIN|(?:PYENV|RBENV|NODENV|GOENV|JENV|ASDF_\w+|MISE_\w+)_VERSION)$/i;

const windows =
  /^(?:PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|OS|PROGRAMDATA|PROGRAM(?:FILES|W6432).*|COMMONPROGRAM(?:FILES|W6432).*|ALLUSERSPROFILE|APPDATA|LOCALAPPDATA|USERPROFILE|USERNAME|USERDOMAIN|HOMEDRIVE|HOMEPATH|PROCESSOR_\w+|NUMBER_OF_PROCESSORS)$/i;

/** Variables that are never passed on, even if another list matches them. */
const withheld = /^(?:INPUT_|ACTIONS_|GITHUB_)|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|KEY/i;

/** Settings that stop tools from printing colours, downloading and checking for updates. */
const quiet = {
  ...{ LC_ALL: 'C', TERM: 'dumb', NO_COLOR: '1', CI: '1' },
  ...{
    RUSTUP_AUTO_INSTALL: '0',
    GOTOOLCHAIN: 'local',
    COREPACK_ENABLE_NETWORK: '0',
    CHECKPOINT_DISABLE: '1',
  },
  ...{ DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1', HOMEBREW_NO_AUTO_UPDATE: '1' },
  AZURE_CORE_COLLECT_TELEMETRY: '0',
};

/**
 * Returns the environment for probes: only variables that programs need to be found and to run. Secrets of the job and
 * variables that change programs (`LD_PRELOAD`, `BASH_ENV`, `NODE_OPTIONS`) are not passed on.
 */
export function probeEnvironment(environment: Environment, platform = process.platform): Environment {
  const lists = platform === 'win32' ? [common, managers, windows] : [common, managers];
  const isWanted = (name: string): boolean => lists.some((list) => list.test(name)) && !withheld.test(name);
  const inherited = Object.entries(environment).filter(([name]) => isWanted(name));
  return { ...Object.fromEntries(inherited), ...quiet };
}
