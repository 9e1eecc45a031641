import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { findProcessesByTrackingId, killProcesses } from '@runner-actions/testing';
import { stringify } from 'yaml';
import type { Interrupts } from './interrupts.ts';
import type { Temporary } from './temporary.ts';

export interface ActRun {
  act: string;
  /** The folder of the run. The repository is `repository` in it. */
  temporary: Temporary;
  workflow: string;
  job: string | undefined;
  event: string;
  payload: Record<string, unknown>;
  labels: readonly string[];
  /** Values of `--matrix`. */
  cells: readonly string[];
  /** Folders by `owner/name@ref`. */
  repositories: Record<string, string>;
  secrets: Record<string, string>;
  vars: Record<string, string>;
  apiUrl: string;
  environment: 'self-hosted' | 'github-hosted';
  interrupts: Interrupts;
  onLine: (line: string) => void;
}

/** How long act may take to end after an interrupt. It runs the post steps then. */
const grace = 20_000;

/**
 * Runs a workflow with act. An interrupt cancels it, a second one ends it at once.
 * @returns the exit status of act
 */
export async function runAct(run: ActRun): Promise<number> {
  const { folder, tracking } = run.temporary;
  const child = spawn(run.act, argumentsOf(run), {
    cwd: folder,
    env: environmentOf(run.temporary),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C in a terminal reaches the whole process group. act must get it once, because the second one ends it
    // without post steps.
    detached: true,
  });
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill('SIGKILL');
    killProcesses(findProcessesByTrackingId(tracking));
  };
  run.interrupts.onInterrupt((count) => {
    if (count > 1) return end();
    child.kill('SIGINT');
    timer = setTimeout(end, grace);
  });
  try {
    const reading = [child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) run.onLine(line);
    });
    const [status] = (await once(child, 'exit')) as [number | null];
    // Unlike GitHub's runner, act does not end the processes that a step left running. They may hold its output open.
    killProcesses(findProcessesByTrackingId(tracking));
    await Promise.all(reading);
    return status ?? 128;
  } finally {
    clearTimeout(timer);
  }
}

function argumentsOf(run: ActRun): string[] {
  const { event, workflow, job, labels, cells, repositories } = run;
  const { folder, tracking } = run.temporary;
  const file = (name: string, value: unknown): string => {
    // act reads `.env`, `.secrets`, `.vars` and `.input` of the repository unless other files are named. GitHub reads
    // none of them. Files also keep secrets out of the list of processes.
    writeFileSync(join(folder, name), stringify(value), { mode: 0o600 });
    return join(folder, name);
  };
  writeFileSync(join(folder, 'event.json'), JSON.stringify(run.payload));
  const env = {
    GITHUB_API_URL: run.apiUrl,
    RUNNER_TRACKING_ID: tracking,
    RUNNER_ENVIRONMENT: run.environment,
    TRY_REPOSITORY: join(folder, 'repository'),
    TRY_ARTIFACTS: join(folder, 'artifacts'),
  };
  return [
    event,
    ...['--json', '--verbose', '--directory', join(folder, 'repository'), '--workflows', workflow],
    ...['--eventpath', join(folder, 'event.json'), '--actor', 'octocat', '--defaultbranch', 'main'],
    ...['--env-file', file('env.yml', env), '--secret-file', file('secrets.yml', run.secrets)],
    ...['--var-file', file('vars.yml', run.vars), '--input-file', file('inputs.yml', {})],
    ...['--action-cache-path', join(folder, 'cache'), '--use-new-action-cache'],
    ...['--cache-server-path', join(folder, 'cache-server'), '--cache-server-addr', '127.0.0.1'],
    // Parallel jobs would unpack the same action to the same place.
    ...['--no-skip-checkout', '--concurrent-jobs', '1'],
    ...(job === undefined ? [] : ['--job', job]),
    ...labels.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
    ...cells.flatMap((cell) => ['--matrix', cell]),
    ...Object.entries(repositories).flatMap(([name, path]) => ['--local-repository', `${name}=${path}`]),
  ];
}

/** Variables of the user that jobs need to reach the network. */
const passedOn =
  /^(?:LANG|DOCKER_HOST|(?:HTTPS?|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CAINFO|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE)$/i;

function environmentOf({ folder, tracking }: Temporary): Record<string, string> {
  // act runs the actions with the first `node` on PATH, which must be Node 24. npm puts the programs of this project
  // on PATH, which must not hide those of the user.
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const own = path.filter((part) => !/node_modules[/\\]\.bin[/\\]?$|node-gyp-bin[/\\]?$/.test(part));
  const passed = Object.entries(process.env).filter(([name]) => passedOn.test(name));
  return {
    LANG: 'C.UTF-8',
    ...(Object.fromEntries(passed) as Record<string, string>),
    PATH: [join(folder, 'bin'), ...own].join(delimiter),
    HOME: join(folder, 'home'),
    // Jobs inherit it. act has it as well, so that a later run finds it if this process is killed.
    RUNNER_TRACKING_ID: tracking,
    TMPDIR: join(folder, 'tmp'),
  };
}
