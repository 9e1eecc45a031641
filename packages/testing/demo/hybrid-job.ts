import { join } from 'node:path';
import { type JobResult, launchJob, type Simulator } from '../src/index.ts';
import { followJob } from './github.ts';
import { lockfileHash } from './repository.ts';
import type { Scenario } from './scenarios.ts';

const actions = join(import.meta.dirname, '../../../actions');
const action = (name: string): string => join(actions, name);

/** Where the demo plays. */
export interface Stage {
  scenario: Scenario;
  github: Simulator;
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
    env: { GITHUB_API_URL: stage.github.url },
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
  const tell = followJob(stage.github, [...stepNames, ...postNames.map((name) => `Post ${name}`)]);
  let posts = 0;
  return launchJob({
    job: 'build',
    onStart: ({ phase, step }) => tell(phase === 'post' ? stepNames.length + posts++ : step),
    environment: isSelfHosted ? 'self-hosted' : 'github-hosted',
    event: stage.scenario.event,
    env: { GITHUB_API_URL: stage.github.url, ...stage.env },
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

/** Posts come last in, first out, each for an action that has one. */
export const postNames = ['restore-local-cache', 'report-job-metrics', 'cleanup-workspace'];
