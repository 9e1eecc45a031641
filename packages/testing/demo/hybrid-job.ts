import { join } from 'node:path';
import { type JobResult, launchJob } from '../src/index.ts';
import { lockfileHash } from './repository.ts';
import type { Scenario } from './scenarios.ts';

const actions = join(import.meta.dirname, '../../../actions');
const action = (name: string): string => join(actions, name);

/** Where the demo plays. */
export interface Stage {
  scenario: Scenario;
  /** Address of the GitHub simulator. */
  apiUrl: string;
  /** A git repository to clone. */
  repository: string;
  /** The self-hosted runner's folder, which persists from job to job. */
  runner: string;
  cacheRoot: string;
  /** How to reach the npm registry, as the person who runs the demo does. */
  env: Record<string, string>;
}

/** The job that selects, on a hosted runner as in the workflows. */
export function selectRunner(stage: Stage): Promise<JobResult> {
  return launchJob({
    job: 'select',
    environment: 'github-hosted',
    event: stage.scenario.event,
    env: { GITHUB_API_URL: stage.apiUrl },
    steps: [
      {
        action: action('select-runner'),
        id: 'select',
        with: { labels: 'self-hosted, linux, x64', 'runner-token': 'admin-token', deadline: '5s' },
      },
    ],
  });
}

/**
 * The job itself, in the order of a workflow: clean-up and metrics come first, since posts run last in, first out.
 * A hosted runner is a new machine each time.
 */
export function runBuild(stage: Stage, isSelfHosted: boolean): Promise<JobResult> {
  const shell = (script: string) => ({ run: ['/bin/sh', '-c', script] });
  return launchJob({
    job: 'build',
    environment: isSelfHosted ? 'self-hosted' : 'github-hosted',
    event: stage.scenario.event,
    env: { GITHUB_API_URL: stage.apiUrl, ...stage.env },
    ...(isSelfHosted ? { directory: stage.runner } : {}),
    steps: [
      { action: action('cleanup-workspace') },
      { action: action('report-job-metrics'), with: { interval: '500ms' } },
      shell(`git clone --quiet '${stage.repository}' .`),
      { action: action('validate-preinstalled'), id: 'validate' },
      {
        action: action('restore-local-cache'),
        id: 'cache',
        with: {
          path: 'node_modules',
          key: `npm-linux-x64-${lockfileHash()}`,
          'restore-keys': 'npm-linux-x64-',
          root: stage.cacheRoot,
        },
      },
      { ...shell('npm ci --no-audit --no-fund'), if: "steps.cache.outputs.cache-hit != 'true'" },
      shell('npm run --silent build'),
      shell('npm test'),
    ],
  });
}

export const stepNames = [
  'cleanup-workspace',
  'report-job-metrics',
  'checkout',
  'validate-preinstalled',
  'restore-local-cache',
  'npm ci',
  'npm run build',
  'npm test',
];
