import type { Machine } from '../kinds/kind.ts';
import { Withheld } from './withheld.ts';

/**
 * The variables that GitHub documents, and none that holds a token. Source: GitHub's page "Variables reference",
 * "Default environment variables". Names are whole, since a secret may have any name with the same beginning.
 */
const ofRunner =
  /^(?:CI|AGENT_TOOLSDIRECTORY|RUNNER_(?:ARCH|DEBUG|ENVIRONMENT|NAME|OS|TEMP|TOOL_CACHE|WORKSPACE)|GITHUB_(?:ACTION|ACTION_PATH|ACTION_REPOSITORY|ACTIONS|ACTOR|ACTOR_ID|API_URL|BASE_REF|ENV|EVENT_NAME|EVENT_PATH|GRAPHQL_URL|HEAD_REF|JOB|OUTPUT|PATH|REF|REF_NAME|REF_PROTECTED|REF_TYPE|REPOSITORY|REPOSITORY_ID|REPOSITORY_OWNER|REPOSITORY_OWNER_ID|RETENTION_DAYS|RUN_ATTEMPT|RUN_ID|RUN_NUMBER|SERVER_URL|SHA|STEP_SUMMARY|TRIGGERING_ACTOR|WORKFLOW|WORKFLOW_REF|WORKFLOW_SHA|WORKSPACE))$/;

/** The user, the language, and the folders of the system. */
const ofSystem =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|LANG|LANGUAGE|LC_(?:ALL|COLLATE|CTYPE|MESSAGES|MONETARY|NUMERIC|TIME)|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|XDG_(?:CACHE_HOME|CONFIG_DIRS|CONFIG_HOME|DATA_DIRS|DATA_HOME|RUNTIME_DIR|STATE_HOME)|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PROGRAMDATA|PROGRAMFILES|APPDATA|LOCALAPPDATA|USERPROFILE|USERNAME)$/;

/** The folders of tools. */
const ofTools =
  /^(?:JAVA_HOME(?:_\d{1,2}_(?:X64|X86|arm64|ARM64))?|ANDROID_(?:HOME|SDK_ROOT|NDK|NDK_HOME|NDK_ROOT|NDK_LATEST_HOME)|ANT_HOME|CARGO_HOME|CHROMEWEBDRIVER|CONDA|CUDA_(?:HOME|PATH)|DOTNET_ROOT|EDGEWEBDRIVER|GECKOWEBDRIVER|GOPATH|GOROOT(?:_1_\d{1,3}_(?:X64|ARM64))?|GRADLE_(?:HOME|USER_HOME)|HOMEBREW_(?:CELLAR|PREFIX|REPOSITORY)|LEIN_HOME|M2_HOME|MAVEN_HOME|NVM_DIR|PIPX_(?:BIN_DIR|HOME)|PNPM_HOME|PYENV_ROOT|RBENV_ROOT|ROCM_(?:HOME|PATH)|RUSTUP_HOME|SDKMAN_DIR|SELENIUM_JAR_PATH|SWIFT_PATH|VCPKG_INSTALLATION_ROOT|VIRTUAL_ENV|VOLTA_HOME)$/;

/** Returns whether a stranger may know the value of a variable: its name says that it is no secret. */
export function isOpenVariable(name: string): boolean {
  return [ofRunner, ofSystem, ofTools].some((names) => names.test(name));
}

/**
 * Expects that the manifest may use the value of a variable. A comparison tells a value as well as a message does: a
 * pattern a character at a time.
 * @throws Withheld if it may not
 */
export function expectOpen(name: string, { strangersManifest }: Pick<Machine, 'strangersManifest'>): void {
  if (!strangersManifest || isOpenVariable(name)) return;
  throw new Withheld(
    `the value of the variable ${name}, which this event's manifest may not use: a stranger may have written it`,
  );
}
