import { join } from 'node:path';
import {
  assertContract,
  type FaultRule,
  type Fleet,
  type FleetJob,
  type JobOptions,
  type JobStep,
  launchJob,
  startSimulator,
} from '@runner-actions/testing';
import { readReport } from './job-scripts.ts';

export const action = join(import.meta.dirname, '..');
const runId = 30433642;
export const labels = ['self-hosted', 'linux', 'big'];

/** A repository of a simulated GitHub. */
const fleet: Fleet = {
  owner: { login: 'octo', kind: 'organization' },
  repositories: [{ id: 1, name: 'app', private: true }],
  tokens: { 'may-read': { permissions: { actions: 'read', contents: 'read' } } },
};

/** Formats a time of GitHub. @param seconds how long ago it is */
export const ago = (seconds: number, now = Date.now()): string =>
  new Date(now - seconds * 1000).toISOString();

interface Measured {
  /** Inputs of the step that starts sampling and, if there is one, of the step that reports. */
  with?: Record<string, string>;
  /** Whether a further step reports, with outputs. If not, the post does. */
  now?: boolean;
  /** How long the job has run before its first step, in seconds. */
  seconds?: number;
  /** What GitHub says about the job. */
  own?: Partial<FleetJob>;
  /** Further runs and jobs, and what replaces other parts. */
  fleet?: Partial<Fleet>;
  faults?: FaultRule[];
  /** Steps between the start and the report. */
  steps?: JobStep[];
  job?: Partial<Omit<JobOptions, 'steps'>>;
}

/** Runs a job that is measured, and returns it with its report and the requests to GitHub. */
export async function measure(options: Measured) {
  const { seconds = 65, now = false, steps = [] } = options;
  const whole: Fleet = { ...fleet, ...options.fleet };
  const time = whole.now === undefined ? Date.now() : Date.parse(whole.now);
  const own: FleetJob = {
    ...{ id: 41, run_id: runId, name: 'build', status: 'in_progress', labels, runner_group_name: 'Default' },
    ...{ runner_id: 1, runner_name: 'runner-1', created_at: ago(seconds + 5, time) },
    ...{ started_at: ago(seconds, time), ...options.own },
  };
  const simulator = await startSimulator({
    ...whole,
    runs: [{ id: runId, status: 'in_progress' }, ...(whole.runs ?? [])],
    jobs: [own, ...(whole.jobs ?? [])],
  });
  for (const fault of options.faults ?? []) simulator.fault(fault);
  const { env, ...job } = options.job ?? {};
  try {
    const done = await launchJob({
      ...{ token: 'may-read', checkRunId: '41', ...job },
      steps: [
        { action, with: { interval: '10m', charts: 'none', ...options.with } },
        ...steps,
        ...(now ? [{ action, with: { charts: 'none', ...options.with, when: 'now' } }] : []),
      ],
      env: { GITHUB_API_URL: simulator.url, GITHUB_SHA: '', ...env },
    });
    assertContract(simulator);
    const phase = now ? done.steps.at(-1) : done.posts[0];
    return {
      ...{ job: done, phase, summary: phase?.summary ?? '', outputs: phase?.outputs ?? {} },
      warnings: phase?.annotations.map(({ level, message }) => `${level}: ${message}`) ?? [],
      report: readReport(done.steps[0]?.outputs['report']),
      requests: simulator.requests.map(({ path }) => path.replace('/repos/octo/app/', '')),
    };
  } finally {
    await simulator.stop();
  }
}
