import type { Job } from '@runner-actions/core';

type Environment = Job['environment'];

/** What programs find themselves, their settings, and the network by. */
const common =
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TMPDIR|TEMP|TMP|XDG_\w+|LD_LIBRARY_PATH|DOCKER_\w+|CONTAINER_HOST|(?:HTTPS?|NO|ALL)_PROXY)$/i;

/** Where version managers and SDKs live, and which version of them is the one. */
const managers =
  /^(?:\w+_(?:HOME|ROOT|DIR)|GOROOT|GOPATH|DPKG_ADMINDIR|RUSTUP_TOOLCHAIN|(?:PYENV|RBENV|NODENV|GOENV|JENV|ASDF_\w+|MISE_\w+)_VERSION)$/i;

const windows =
  /^(?:PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|OS|PROGRAMDATA|PROGRAM(?:FILES|W6432).*|COMMONPROGRAM(?:FILES|W6432).*|ALLUSERSPROFILE|APPDATA|LOCALAPPDATA|USERPROFILE|USERNAME|USERDOMAIN|HOMEDRIVE|HOMEPATH|PROCESSOR_\w+|NUMBER_OF_PROCESSORS)$/i;

/** Of these names none is a folder, whatever it ends in. */
const withheld = /^(?:INPUT_|ACTIONS_|GITHUB_)|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|KEY/i;

/** What keeps tools from colours, downloads and update checks. */
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
 * The environment of what is asked about the machine: by a list of what programs need to be found and to answer. All else that a
 * job has, its secrets and what would change a program (`LD_PRELOAD`, `BASH_ENV`, `NODE_OPTIONS`), is not theirs.
 */
export function probeEnvironment(environment: Environment, platform = process.platform): Environment {
  const lists = platform === 'win32' ? [common, managers, windows] : [common, managers];
  const isWanted = (name: string): boolean => lists.some((list) => list.test(name)) && !withheld.test(name);
  const inherited = Object.entries(environment).filter(([name]) => isWanted(name));
  return { ...Object.fromEntries(inherited), ...quiet };
}
