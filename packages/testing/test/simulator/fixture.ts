import { onTestFinished } from 'vitest';
import { type Fleet, type FleetRunner, type Simulator, startSimulator } from '../../src/simulator/index.ts';

/** Returns a fleet with a private and a public repository of an organization, and some of everything else. */
export function exampleFleet(change: Partial<Fleet> = {}): Fleet {
  return {
    now: '2026-03-02T12:00:00Z',
    owner: { login: 'octo', kind: 'organization' },
    enterprise: 'acme',
    repositories: [
      {
        ...{
          id: 1,
          name: 'app',
          private: true,
          runners: runners(2, 'app'),
          files: { 'docs/a.md': 'hello\n' },
        },
        issues: [
          { number: 5, title: 'a change', pull_request: true, user: 'tim', labels: ['alert'] },
          { number: 7, title: 'old', user: 'ada', labels: ['Alert'], state: 'closed', state_reason: null },
        ],
        collaborators: [
          { login: 'ada', id: 7, role: 'maintain' },
          { login: 'tim', role: 'triage' },
        ],
      },
      { id: 2, name: 'site', default_branch: 'trunk', files_at: { v1: { 'a b.md': 'old' } } },
    ],
    organization_runners: runners(3, 'pool').map((runner, index) => ({
      ...runner,
      runner_group_id: 1 + (index % 2),
    })),
    enterprise_runners: [{ id: 90, name: 'shared', labels: ['self-hosted'], runner_group_id: 70 }],
    runner_groups: [
      { id: 1, name: 'Default', visibility: 'all', default: true },
      {
        id: 2,
        name: 'chosen',
        visibility: 'selected',
        selected_repositories: ['site'],
        allows_public_repositories: true,
      },
      { id: 3, name: 'from above', visibility: 'private', inherited: true, enterprise_id: 70 },
    ],
    runs: [
      { id: 10, status: 'completed', conclusion: 'failure', created_at: '2026-03-02T10:00:00Z' },
      {
        id: 11,
        status: 'in_progress',
        event: 'pull_request',
        head_repository: 'fork/app',
        path: '.github/workflows/pr.yml',
      },
    ],
    jobs: [
      {
        id: 100,
        run_id: 10,
        name: 'test',
        status: 'completed',
        conclusion: 'failure',
        labels: ['big'],
        runner_id: 7,
      },
      { id: 101, run_id: 10, name: 'lint', status: 'completed', conclusion: 'success', runner_id: 0 },
      { id: 102, run_id: 11, name: 'test', status: 'queued', labels: ['self-hosted'] },
    ],
    tokens: {
      'admin-token': {
        permissions: {
          administration: 'read',
          organization_self_hosted_runners: 'read',
          'manage_runners:enterprise': 'read',
          actions: 'write',
          contents: 'read',
          issues: 'write',
        },
        login: 'ada',
      },
      'github-token': { permissions: { actions: 'read', contents: 'read' }, repositories: ['app'] },
      'other-token': { permissions: { actions: 'read' }, repositories: ['site'] },
    },
    ...change,
  };
}

export function runners(count: number, name: string): FleetRunner[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: `${name}-${index + 1}`,
    labels: ['self-hosted', 'Linux', 'X64', name],
  }));
}

/** Starts a simulator that stops at the end of the test. */
export async function simulate(fleet: Fleet = exampleFleet()): Promise<Simulator> {
  const simulator = await startSimulator(fleet);
  onTestFinished(() => simulator.stop());
  return simulator;
}

export interface RequestSettings {
  token?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request. Default token: `admin-token`. With an empty token, sends no `Authorization` header. */
export function send({ url }: Simulator, path: string, settings: RequestSettings = {}): Promise<Response> {
  const { token = 'admin-token', method = 'GET', headers = {}, body } = settings;
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const sent = body === undefined ? {} : { body };
  return fetch(`${url}${path}`, { method, ...sent, headers: { ...authorization, ...headers } });
}

export async function read<T = Record<string, unknown>>(
  simulator: Simulator,
  path: string,
  settings: RequestSettings = {},
): Promise<T> {
  return (await (await send(simulator, path, settings)).json()) as T;
}
