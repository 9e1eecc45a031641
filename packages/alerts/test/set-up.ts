import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDeadline } from '@runner-actions/core';
import { connect } from '@runner-actions/github';
import { assertContract, type Fleet, type FleetIssue, startSimulator } from '@runner-actions/testing';
import { onTestFinished } from 'vitest';
import type { IssueChannel } from '../src/channels.ts';
import {
  carryOut,
  type Channels,
  emptyMemory,
  findIssues,
  type Memory,
  type Observation,
  planAlerts,
} from '../src/index.ts';
import { defaultPolicy } from '../src/policy.ts';
import { noon } from './examples.ts';

export const label = 'runner-actions-fleet';
export const source = { repository: 'octo/app', runUrl: 'https://github.com/octo/app/actions/runs/1' };
const forever = () => startDeadline(60_000);

interface GitHubSetUp {
  issues?: FleetIssue[];
  permission?: 'read' | 'write';
  login?: string;
  isPublic?: boolean;
  author?: string;
}

/** Starts a simulator of GitHub at noon, until the test ends. */
export async function gitHub(setUp: GitHubSetUp = {}) {
  const { issues = [], permission = 'write', login, isPublic = false, author } = setUp;
  const fleet: Fleet = {
    now: new Date(noon).toISOString(),
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: !isPublic, issues }],
    tokens: { t: { permissions: { issues: permission }, ...(login === undefined ? {} : { login }) } },
  };
  const simulator = await startSimulator(fleet);
  onTestFinished(async () => {
    assertContract(simulator);
    await simulator.stop();
  });
  const channel: IssueChannel = {
    github: connect({ token: 't', apiUrl: simulator.url, deadline: forever(), calls: 200 }),
    repository: { owner: 'octo', name: 'app' },
    labels: [label],
    hidesMachines: isPublic,
    ...(author === undefined ? {} : { author }),
  };
  return {
    simulator,
    channel,
    issues: () => simulator.fleet().repositories[0]?.issues ?? [],
    /** Changes the issues as a person or a stranger would. */
    change: (next: (issues: FleetIssue[]) => FleetIssue[]) => {
      const now = simulator.fleet();
      const repositories = now.repositories.map((each) => ({ ...each, issues: next(each.issues ?? []) }));
      simulator.setFleet({ ...now, repositories });
    },
    setTime: (time: number) =>
      simulator.setFleet({ ...simulator.fleet(), now: new Date(time).toISOString() }),
  };
}

/** One look: finds issues, plans, and carries the plan out. */
export async function look(
  observations: readonly Observation[],
  channels: Omit<Channels, 'source'>,
  {
    memory = emptyMemory,
    now = noon,
    isDry = false,
  }: { memory?: Memory; now?: number; isDry?: boolean } = {},
) {
  const { issues, webhook, alertmanager } = channels;
  const seen = issues && (await findIssues(issues, memory.author));
  const plan = planAlerts({
    ...{ observations, memory, policy: defaultPolicy, isTrusted: true, now },
    channels: {
      ...(seen && issues ? { issues: { seen, hidesMachines: issues.hidesMachines } } : {}),
      ...{ webhook: webhook !== undefined, alertmanager: alertmanager !== undefined },
    },
  });
  if (isDry) return { plan, seen, memory: plan.memory, done: [], warnings: [] };
  const whole = { ...channels, source };
  return {
    plan,
    seen,
    ...(await carryOut(plan, whole, { policy: defaultPolicy, deadline: forever(), now })),
  };
}

export interface Received {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Starts a receiver of webhooks, until the test ends. `answer` gets the number of the request, from 1. */
export async function receiver(answer: (response: ServerResponse, count: number) => void) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      const all = Object.fromEntries(headers) as Record<string, string>;
      received.push({ url: request.url ?? '', headers: all, body: Buffer.concat(parts) });
      answer(response, received.length);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/services/very-secret`), received };
}
