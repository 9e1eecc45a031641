import type { Job } from '@runner-actions/core';
import { probeEnvironment } from '../probe-environment.ts';

/** Settings of managers that say where packages come from and go to. None of their names is one of a secret. */
const settings =
  /^(?:GOBIN|GOPROXY|GONOSUMDB|GOPRIVATE|GEM_PATH|NPM_CONFIG_(?:PREFIX|REGISTRY|USERCONFIG)|PIP_(?:INDEX_URL|CONFIG_FILE|CERT|BREAK_SYSTEM_PACKAGES)|PYTHONUSERBASE|CARGO_HTTP_CAINFO|RUSTUP_(?:DIST_SERVER|UPDATE_ROOT)|HOMEBREW_(?:PREFIX|BOTTLE_DOMAIN|API_DOMAIN)|SSL_CERT_(?:FILE|DIR)|VIRTUAL_ENV)$/i;

/** Without these, managers ask, or download a runtime of their own. */
const quiet = {
  DEBIAN_FRONTEND: 'noninteractive',
  NEEDRESTART_MODE: 'a',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_INPUT: '1',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
};

/** Managers may fetch what they are told to: only probes must not. */
const onlyForProbes = /^(?:GOTOOLCHAIN|COREPACK_ENABLE_NETWORK|RUSTUP_AUTO_INSTALL|HOMEBREW_NO_AUTO_UPDATE)$/;

/** Returns the environment of package managers: that of probes, with the managers' own settings. No secrets of the job. */
export function managerEnvironment(environment: Job['environment']): Job['environment'] {
  const own = Object.entries(environment).filter(([name]) => settings.test(name));
  const given = Object.entries(probeEnvironment(environment)).filter(([name]) => !onlyForProbes.test(name));
  return { ...Object.fromEntries([...given, ...own]), ...quiet };
}
