import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FleetJob, startSimulator } from '@runner-actions/testing';
import { onTestFinished } from 'vitest';
import type { SeenJob } from '../../live/compare-jobs.ts';
import type { LiveRun } from '../../live/live-check.ts';
import { marker } from '../../live/record.ts';
import { simulatedFleet, simulatedSubject, simulatedTokens } from '../../live/simulated-github.ts';

/** How the stand-in lies: it changes the text of an answer. */
export type Lie = (path: string, text: string) => string;

/** Starts a stand-in for GitHub in which the given jobs ran: the simulator, and the logs that the simulator lacks. */
export async function standIn(jobs: readonly SeenJob[], lie: Lie = (_, text) => text): Promise<LiveRun> {
  const fleet = simulatedFleet('organization');
  const simulator = await startSimulator({
    ...fleet,
    jobs: [...(fleet.jobs ?? []), ...jobs.map(toFleetJob)],
  });
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const [, id] = /\/jobs\/(\d+)\/logs$/.exec(path) ?? [];
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host'));
    const answer = await fetch(`${simulator.url}${path}`, { headers: headers as Record<string, string> });
    const text = id === undefined ? await answer.text() : logOf(jobs[Number(id) - firstId]);
    const others = [...answer.headers].filter(([name]) => name !== 'content-length');
    response
      .writeHead(id === undefined ? answer.status : 200, Object.fromEntries(others))
      .end(lie(path, text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await simulator.stop();
  });
  return {
    api: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tokens: simulatedTokens },
    ...{ subject: simulatedSubject, ownerKind: 'organization', large: 'dropped' },
    outputs: jobs.find(({ outputs }) => outputs !== undefined)?.outputs ?? {},
  };
}

const firstId = 100;

function toFleetJob({ name, steps }: SeenJob, index: number): FleetJob {
  const done = { status: 'completed', conclusion: 'success' } as const;
  const all = [{ name: 'Set up job', conclusion: 'success' }, ...steps];
  return {
    ...{ id: firstId + index, run_id: Number(simulatedSubject.runId), name, ...done },
    // The API does not promise the order of the list.
    steps: all.map((step, number) => ({ ...done, ...step, number: number + 1 })).toReversed(),
  };
}

/** Writes a log as GitHub does: with times, and with each script before it runs. */
function logOf(job: SeenJob | undefined): string {
  const lines = (job?.records ?? []).map((record) => `${marker}${JSON.stringify(record)}`);
  const script = `${marker}{"experiment":"script","script-names":[%s]}\\n' "$names"`;
  return [script, ...lines].map((line) => `2026-01-02T03:04:05.0000000Z ${line}\r\n`).join('');
}
