import { type Engine, engineOf, processorName, systemName } from './engine.ts';
import { readSmallFile } from './read-file.ts';

/** The job of this step, read from the runner's environment variables. Source: GitHub's page "Variables reference". */
export interface Job {
  repository: { owner: string; name: string; fullName: string; id: string };
  eventName: string;
  /** Returns the payload of the event; `undefined` if there is none or it cannot be read. */
  payload(): unknown;
  apiUrl: string;
  serverUrl: string;
  ref: string;
  sha: string;
  actor: string;
  workflow: string;
  /** The job's key in the workflow (GITHUB_JOB). */
  name: string;
  runId: string;
  runAttempt: number;
  workspace: string;
  temp: string;
  toolCache: string | undefined;
  runner: {
    name: string;
    os: string;
    arch: string;
    environment: 'github-hosted' | 'self-hosted' | undefined;
  };
  /** RUNNER_TRACKING_ID: the runner uses it to find and kill the job's processes when the job ends. */
  trackingId: string | undefined;
  debug: boolean;
  engine: Engine;
  /** All environment variables, for modules that need one that is not listed here. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** Reads the environment once. A missing variable gives an empty string, as outside of a runner. */
export function readJob(environment: Readonly<Record<string, string | undefined>> = process.env): Job {
  const value = (name: string): string => environment[name] ?? '';
  const [owner = '', name = ''] = value('GITHUB_REPOSITORY').split('/');
  const hosted = value('RUNNER_ENVIRONMENT');
  const serverUrl = value('GITHUB_SERVER_URL') || 'https://github.com';
  return {
    repository: { owner, name, fullName: value('GITHUB_REPOSITORY'), id: value('GITHUB_REPOSITORY_ID') },
    eventName: value('GITHUB_EVENT_NAME'),
    payload: () => readPayload(value('GITHUB_EVENT_PATH')),
    apiUrl: value('GITHUB_API_URL') || 'https://api.github.com',
    serverUrl,
    ref: value('GITHUB_REF'),
    sha: value('GITHUB_SHA'),
    actor: value('GITHUB_ACTOR'),
    workflow: value('GITHUB_WORKFLOW'),
    name: value('GITHUB_JOB'),
    runId: value('GITHUB_RUN_ID'),
    runAttempt: Number(value('GITHUB_RUN_ATTEMPT')) || 1,
    workspace: value('GITHUB_WORKSPACE') || process.cwd(),
    temp: value('RUNNER_TEMP') || '/tmp',
    toolCache: environment['RUNNER_TOOL_CACHE'] || undefined,
    runner: {
      name: value('RUNNER_NAME'),
      os: systemName(value('RUNNER_OS')),
      arch: processorName(value('RUNNER_ARCH')),
      environment: hosted === 'github-hosted' || hosted === 'self-hosted' ? hosted : undefined,
    },
    trackingId: environment['RUNNER_TRACKING_ID'] || undefined,
    debug: value('RUNNER_DEBUG') === '1',
    engine: engineOf(environment, isGitHubCloud({ serverUrl })),
    environment,
  };
}

/** Whether the server is github.com, or one with data residency (`*.ghe.com`), and not an Enterprise Server. */
export function isGitHubCloud({ serverUrl }: Pick<Job, 'serverUrl'>): boolean {
  const host = URL.parse(serverUrl)?.host ?? '';
  return host === 'github.com' || host.endsWith('.ghe.com');
}

/** Bytes. GitHub sends no payload above 25 MB. Source: GitHub's page "Webhook events and payloads". */
const maxPayloadBytes = 32 * 2 ** 20;

function readPayload(path: string): unknown {
  try {
    return JSON.parse(readSmallFile(path, maxPayloadBytes) ?? '');
  } catch {
    return undefined;
  }
}
