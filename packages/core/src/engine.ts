/**
 * What runs the steps of a job. `gitea` includes Forgejo. Everything else is `github`: GitHub's own runner, and act, which
 * behaves alike where an action can tell.
 */
export type Engine = 'github' | 'gitea';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Sources: gitea/act_runner, internal/app/run/runner.go, sets the first variable, and Forgejo's runner both; gitea/act
 * 0.261.8, pkg/runner/step.go, sets the third, also with `act_runner exec`.
 */
const variablesOfGitea = ['GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'GITEA_STATE'];

/**
 * How GitHub's runner begins the name of the file in `GITHUB_STATE`, on an Enterprise Server too; gitea/act names it
 * `statecmd.txt`. GitHub's runner sets the variable after the `env` of a workflow, which so cannot change it. Source:
 * actions/runner 2.336.0, FileCommandManager.cs and NodeScriptActionHandler.cs.
 */
const stateFileOfGitHub = 'save_state_';

/** @param isGitHubCloud the job belongs to github.com, so a variable that its workflow sets must not change the answer */
export function engineOf(environment: Environment, isGitHubCloud: boolean): Engine {
  const saysGitea = variablesOfGitea.some((name) => (environment[name] ?? '') !== '');
  const stateFile = environment['GITHUB_STATE']?.split(/[\\/]/).at(-1) ?? '';
  return saysGitea && !isGitHubCloud && !stateFile.startsWith(stateFileOfGitHub) ? 'gitea' : 'github';
}

/** Gitea's runner and act may name systems and processors as Go does. Source: pkg/container/host_environment.go of both. */
const systems = new Map([
  ['linux', 'Linux'],
  ['darwin', 'macOS'],
  ['windows', 'Windows'],
]);
const processors = new Map([
  ['386', 'X86'],
  ['amd64', 'X64'],
  ['x86_64', 'X64'],
  ['arm', 'ARM'],
  ['arm64', 'ARM64'],
  ['aarch64', 'ARM64'],
]);

/** Returns RUNNER_OS in GitHub's spelling: keys that contain it must be the same on each engine. */
export const systemName = (given: string): string => systems.get(given) ?? given;

/** Returns RUNNER_ARCH in GitHub's spelling. */
export const processorName = (given: string): string => processors.get(given) ?? given;
