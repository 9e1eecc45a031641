import type { Fleet, FleetRunner } from '@runner-actions/testing';
import type { Subject } from './api-questions.ts';

/** What the questions are about in the simulator. */
export const simulatedSubject: Subject = {
  ...{ owner: 'octo', name: 'app', runId: '30433642', attempt: 1, branch: 'main', actor: 'octocat' },
};

const runners: FleetRunner[] = [
  { id: 1, name: 'one', labels: ['self-hosted', 'Linux', 'own'], version: '2.336.0' },
  { id: 2, name: 'two', labels: ['self-hosted'], status: 'offline' },
];
const created_at = '2026-01-02T03:04:05Z';
const workflow = '.github/workflows/live-check.yml';

/**
 * Returns a fleet that answers each question, with a null wherever GitHub's description allows one that we know of.
 * @param kind who owns the repository
 */
export function simulatedFleet(kind: Fleet['owner']['kind']): Fleet {
  const { owner, name } = simulatedSubject;
  const id = Number(simulatedSubject.runId);
  const run = { created_at, event: 'workflow_dispatch', path: workflow };
  const job = { run_id: id, labels: ['ubuntu-latest'], created_at };
  const step = { name: 'Set up job', number: 1 };
  return {
    now: '2026-01-02T03:14:05Z',
    owner: { login: owner, kind },
    repositories: [
      {
        ...{ id: 1, name, private: true, runners },
        collaborators: [{ login: 'octocat', role: 'admin' }],
        files: { 'package.json': '{}', 'docs/page.md': '#' },
      },
    ],
    organization_runners: runners,
    runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
    runs: [
      { ...run, id, status: 'in_progress' },
      { ...run, id: id - 1, status: 'completed', conclusion: 'success', run_attempt: 2 },
    ],
    jobs: [
      { ...job, id: 5, name: 'Waits', status: 'queued' },
      {
        ...{ ...job, id: 6, name: 'Runs', status: 'in_progress', started_at: created_at },
        ...{ runner_id: 1, runner_name: 'one', runner_group_id: 1, runner_group_name: 'Default' },
        steps: [
          {
            ...step,
            status: 'completed',
            conclusion: 'success',
            started_at: created_at,
            completed_at: created_at,
          },
          { ...step, status: 'queued', conclusion: null, started_at: null, completed_at: null },
        ],
      },
      { ...job, id: 7, name: 'Done', status: 'completed', conclusion: 'success', completed_at: created_at },
    ],
    tokens: {
      'job-token': { permissions: { actions: 'read', contents: 'read' } },
      'runner-token': { permissions: { administration: 'read', organization_self_hosted_runners: 'read' } },
    },
  };
}

export const simulatedTokens = { job: 'job-token', runner: 'runner-token', wrong: 'no-such-token' };
