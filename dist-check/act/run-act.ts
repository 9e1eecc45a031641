import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  findProcessesByTrackingId,
  type Fleet,
  killProcesses,
  type RecordedRequest,
  startSimulator,
} from '@runner-actions/testing';
import { type SelectorFault, makeRepository, type TestBed } from './test-bed.ts';

/** A run of a user's workflow. */
export interface Scenario {
  /** The user's workflow. */
  workflow: string;
  /** Other files in the repository, by path. */
  files?: Record<string, string>;
  /** State of the GitHub simulator, in addition to the repository `octo/app` and the tokens. */
  fleet?: Partial<Fleet>;
  /**
   * Labels for which a machine exists. act skips a job with other labels and reports success, so tests must check
   * effects.
   */
  machines: string[];
  event?: string;
  payload?: object;
  /** Value of `RUNNER_ENVIRONMENT`, which act does not set. Default: `self-hosted`. */
  environment?: 'self-hosted' | 'github-hosted';
  secrets?: Record<string, string>;
  variables?: Record<string, string>;
  env?: Record<string, string>;
  /** How `select-runner` fails; by default it works. */
  selector?: SelectorFault;
  /**
   * Folder in which act's cache server stores its data. The server runs during the run only. Without it, none is
   * started.
   */
  cacheServer?: string;
  /** Cancels the run as soon as the user's command has written this file to `$EFFECT`. */
  cancelAt?: string;
}

export interface Outcome {
  status: number;
  log: string;
  /** The files that the user's commands wrote to `$EFFECT`, by name. */
  effects: Record<string, string>;
  requests: readonly RecordedRequest[];
  fleet: Fleet;
}

const repository = { id: 1, name: 'app', private: true };
const payload = {
  ref: 'refs/heads/main',
  repository: { ...repository, full_name: 'octo/app', owner: { login: 'octo', type: 'Organization' } },
};
const tokens = {
  'job-token': { permissions: { actions: 'write', contents: 'read' } },
  'organization-token': { permissions: { organization_self_hosted_runners: 'read' } },
  'repository-token': { permissions: { administration: 'read' } },
  'both-token': { permissions: { administration: 'read', organization_self_hosted_runners: 'read' } },
} as const;

/** Runs the user's workflow with act, with the simulator as GitHub's API. */
export async function runAct(testBed: TestBed, scenario: Scenario): Promise<Outcome> {
  const folder = mkdtempSync(join(testBed.folder, 'run-'));
  const files = { ...scenario.files, '.github/workflows/ci.yml': scenario.workflow };
  const sha = makeRepository(join(folder, 'app'), files);
  const effect = join(folder, 'effect');
  for (const name of ['effect', 'home']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'event.json'), JSON.stringify({ ...payload, ...scenario.payload }));
  const simulator = await startSimulator({
    owner: { login: 'octo', kind: 'organization' },
    tokens,
    ...scenario.fleet,
    repositories: scenario.fleet?.repositories ?? [{ ...repository, files, files_at: { [sha]: files } }],
  });
  const tracking = randomUUID();
  try {
    const { status, log } = await start(testBed, scenario, folder, simulator.url, tracking);
    return {
      status,
      log,
      effects: readEffects(effect),
      requests: simulator.requests,
      fleet: simulator.fleet(),
    };
  } finally {
    // Unlike GitHub's runner, act does not end the processes of a cancelled step.
    killProcesses(findProcessesByTrackingId(tracking));
    await simulator.stop();
  }
}

async function start(
  testBed: TestBed,
  scenario: Scenario,
  folder: string,
  url: string,
  tracking: string,
): Promise<{ status: number; log: string }> {
  const effect = join(folder, 'effect');
  const child = spawn(
    process.env['RUNNER_ACTIONS_ACT'] ?? 'act',
    argumentsOf(testBed, scenario, folder, { url, tracking }),
    {
      cwd: join(folder, 'app'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        // act runs the actions with the first `node` on PATH, which must be Node 24.
        PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
        HOME: join(folder, 'home'),
        LANG: 'C.UTF-8',
        EFFECT: effect,
        STUB_REPOSITORY: join(folder, 'app'),
        ...scenario.env,
      },
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  let isCancelled = false;
  const watcher = watch(effect, () => {
    if (isCancelled || scenario.cancelAt === undefined || !existsSync(join(effect, scenario.cancelAt)))
      return;
    // Only once: a second interrupt would end act without running post steps.
    isCancelled = child.kill('SIGINT');
  });
  const [status] = (await once(child, 'close')) as [number | null];
  watcher.close();
  return { status: status ?? 128, log: log.replaceAll(/^.*LocalRepositoryCache.*\n/gm, '') };
}

function argumentsOf(
  testBed: TestBed,
  scenario: Scenario,
  folder: string,
  { url, tracking }: { url: string; tracking: string },
): string[] {
  const {
    event = 'push',
    machines,
    selector,
    secrets = {},
    variables = {},
    environment = 'self-hosted',
    cacheServer,
  } = scenario;
  const env = { GITHUB_API_URL: url, RUNNER_TRACKING_ID: tracking, RUNNER_ENVIRONMENT: environment };
  const flags: [string, string[]][] = [
    ['--platform', machines.map((label) => `${label}=-self-hosted`)],
    ['--local-repository', pairs(testBed.repositories(selector))],
    ['--env', pairs(env)],
    ['--secret', pairs({ GITHUB_TOKEN: 'job-token', ...secrets })],
    ['--var', pairs(variables)],
  ];
  return [
    event,
    ...['--eventpath', join(folder, 'event.json'), '--actor', 'octocat', '--defaultbranch', 'main'],
    ...['--action-cache-path', join(folder, 'cache'), '--use-new-action-cache'],
    ...(cacheServer === undefined
      ? ['--no-cache-server']
      : ['--cache-server-path', cacheServer, '--cache-server-addr', '127.0.0.1']),
    // Parallel jobs would unpack the same action to the same place.
    ...['--no-skip-checkout', '--pull=false', '--concurrent-jobs', '1'],
    ...flags.flatMap(([flag, values]) => values.flatMap((value) => [flag, value])),
  ];
}

function pairs(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}

function readEffects(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(
    files.map((path) => [path, readFileSync(join(folder, path), 'utf8').replace(/\n$/, '')]),
  );
}
