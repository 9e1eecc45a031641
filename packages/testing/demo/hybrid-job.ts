import { join } from 'node:path';
import { type JobResult, launchJob, type Simulator } from '../src/index.ts';
import { reportProgress } from './github.ts';
import { lockfileHash } from './repository.ts';
import type { Scenario } from './scenarios.ts';

const actions = join(import.meta.dirname, '../../../actions');
const action = (name: string): string => join(actions, name);

/** The environment of the demo's jobs. */
export interface DemoContext {
  scenario: Scenario;
  github: Simulator;
  /** A git repository to clone. */
  repository: string;
  /** The self-hosted runner's folder, which persists from job to job. */
  runner: string;
  cacheRoot: string;
  /** Variables with which npm reaches the user's registry. */
  env: Record<string, string>;
}

/** Runs the job that selects a runner. As in the workflows, it runs on a hosted runner. */
export function selectRunner(context: DemoContext): Promise<JobResult> {
  return launchJob({
    job: 'select',
    environment: 'github-hosted',
    event: context.scenario.event,
    env: { GITHUB_API_URL: context.github.url },
    steps: [
      {
        action: action('select-runner'),
        id: 'select',
        with: {
          ...{ labels: 'self-hosted, linux, x64', deadline: '5s' },
          ...(context.scenario.hasTokens ? { 'runner-token': 'admin-token' } : { token: '' }),
        },
      },
    ],
  });
}

/**
 * Runs the job that installs, builds and tests. Clean-up and metrics come first, because posts run last in, first out.
 * A hosted runner is a new machine for each job.
 */
export function runBuild(context: DemoContext, isSelfHosted: boolean): Promise<JobResult> {
  const shell = (script: string) => ({ run: ['/bin/sh', '-c', script] });
  const reportStep = reportProgress(context.github, [
    ...stepNames,
    ...postNames.map((name) => `Post ${name}`),
  ]);
  let posts = 0;
  return launchJob({
    job: 'build',
    onStart: ({ phase, step }) => reportStep(phase === 'post' ? stepNames.length + posts++ : step),
    environment: isSelfHosted ? 'self-hosted' : 'github-hosted',
    event: context.scenario.event,
    env: { GITHUB_API_URL: context.github.url, ...context.env },
    ...(isSelfHosted ? { directory: context.runner } : {}),
    steps: [
      { action: action('cleanup-workspace') },
      { action: action('report-job-metrics'), with: { interval: '500ms' } },
      shell(`git clone --quiet '${context.repository}' .`),
      { action: action('validate-preinstalled'), id: 'validate' },
      {
        action: action('restore-local-cache'),
        id: 'cache',
        with: {
          path: 'node_modules',
          key: `npm-linux-x64-${lockfileHash()}`,
          'restore-keys': 'npm-linux-x64-',
          root: context.cacheRoot,
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

/** The actions with a post, in the order in which the posts run: last in, first out. */
export const postNames = ['restore-local-cache', 'report-job-metrics', 'cleanup-workspace'];
