import { describe, expect, it } from 'vitest';
import { operations } from '../../openapi/operations.ts';
import { matchPath } from '../../src/simulator/route.ts';
import { assertContract, checkExchange, type RecordedRequest } from '../../src/simulator/index.ts';
import { exampleFleet, read, send, simulate } from './fixture.ts';

const validRequests = [
  'GET /rate_limit',
  'GET /repos/octo/app',
  'GET /repos/octo/site',
  'GET /repos/octo/app/contents/docs/a.md',
  'GET /repos/octo/app/contents/docs',
  'GET /repos/octo/site/contents/a%20b.md?ref=v1',
  'GET /repos/octo/app/collaborators/ada/permission',
  'GET /repos/octo/site/collaborators/somebody/permission',
  'GET /repos/octo/app/actions/runners?name=app-1',
  'GET /repos/octo/app/actions/runs?status=completed&created=%3E2026-01-01&per_page=100',
  'GET /repos/octo/app/actions/workflows/ci.yml/runs?branch=main',
  'GET /repos/octo/app/actions/runs/11',
  'GET /repos/octo/app/actions/runs/10/jobs?filter=all',
  'GET /repos/octo/app/actions/runs/10/attempts/1/jobs',
  'GET /repos/octo/app/actions/jobs/100',
  'GET /orgs/octo/actions/runners',
  'GET /orgs/octo/actions/runner-groups?visible_to_repository=app',
  'GET /orgs/octo/actions/runner-groups/2/runners',
  'GET /orgs/octo/actions/runner-groups/2/repositories',
  'GET /enterprises/acme/actions/runners',
  'GET /enterprises/acme/actions/runner-groups?visible_to_organization=octo',
  'GET /enterprises/acme/actions/runner-groups/70/runners',
  'POST /repos/octo/app/actions/runs/10/rerun',
  'POST /repos/octo/app/actions/runs/10/cancel',
  'POST /repos/octo/app/actions/runs/10/rerun-failed-jobs',
  'POST /repos/octo/app/actions/runs/10/force-cancel',
  'POST /repos/octo/app/actions/jobs/100/rerun',
  'GET /user',
  'GET /repos/octo/app/issues?labels=alert&state=all&sort=updated&direction=desc&per_page=100&page=1',
  'POST /repos/octo/app/issues {"title":"a","body":"b","labels":["alert"]}',
  'PATCH /repos/octo/app/issues/7 {"state":"closed","state_reason":"not_planned","body":"c"}',
  'POST /repos/octo/app/issues/7/comments {"body":"d"}',
];

describe('the simulator', () => {
  it('matches GitHub’s OpenAPI description in every operation', async () => {
    const simulator = await simulate();
    for (const line of validRequests) {
      const [method = '', path = '', body] = line.split(' ');
      expect(
        (await send(simulator, path, { method, ...(body === undefined ? {} : { body }) })).ok,
        line,
      ).toBe(true);
    }
    assertContract(simulator);
    const visited = (method: string, path: string) =>
      simulator.requests.some((each) => each.method === method && matchPath(path, each.path) !== undefined);
    expect(operations.filter(({ method, path }) => !visited(method.toUpperCase(), path))).toEqual([]);
  });

  it('matches GitHub’s OpenAPI description in every error', async () => {
    const simulator = await simulate();
    const statuses: number[] = [];
    const visit = async (path: string, token?: string, method = 'GET') => {
      const sent = token === undefined ? { method } : { method, token };
      statuses.push((await send(simulator, path, sent)).status);
    };
    await visit('/orgs/octo/actions/runners', 'unknown');
    await visit('/orgs/octo/actions/runners', 'github-token');
    await visit('/orgs/other/actions/runners');
    await visit('/orgs/octo/actions/runner-groups/1/repositories');
    await visit('/repos/octo/app/collaborators/ada%5Bbot%5D/permission');
    await visit('/repos/octo/site/collaborators/ada/permission', '');
    await visit('/repos/octo/app/actions/runs/11/rerun', undefined, 'POST');
    await visit('/repos/octo/app/actions/runs/10/cancel', undefined, 'POST');
    expect(statuses).toEqual([401, 403, 404, 422, 404, 401, 403, 409]);
    assertContract(simulator);
  });

  it('matches GitHub’s OpenAPI description with an empty fleet', async () => {
    const simulator = await simulate(
      exampleFleet({ organization_runners: [], runner_groups: [], runs: [], jobs: [] }),
    );
    expect(await read(simulator, '/orgs/octo/actions/runners')).toEqual({ total_count: 0, runners: [] });
    expect(await read(simulator, '/repos/octo/app/actions/runs')).toEqual({
      total_count: 0,
      workflow_runs: [],
    });
    assertContract(simulator);
  });
});

describe('checkExchange', () => {
  async function exchange(): Promise<RecordedRequest> {
    const simulator = await simulate();
    await send(simulator, '/orgs/octo/actions/runners?per_page=1');
    return simulator.requests[0]!;
  }

  it('reports an invalid response body', async () => {
    const recorded = await exchange();
    const body = recorded.response.body.replace('"busy":false', '"busy":"no"').replace('"id":1,', '');
    const wrong = { ...recorded, response: { ...recorded.response, body } };
    expect(checkExchange(wrong)).toEqual([
      `GET /orgs/octo/actions/runners: 200 body/runners/0 must have required property 'id'`,
      'GET /orgs/octo/actions/runners: 200 body/runners/0/busy must be boolean',
    ]);
    expect(() => assertContract({ requests: [recorded, wrong] })).toThrow('busy must be boolean');
  });

  it('checks the request but not the response of a deliberate fault', async () => {
    const recorded = await exchange();
    const faulty = {
      ...recorded,
      fault: 'html',
      response: { ...recorded.response, body: '<html>' },
    } as const;
    expect(checkExchange(faulty)).toEqual([]);
    expect(checkExchange({ ...faulty, query: { pages: '2' } })).toHaveLength(1);
  });

  it.each([
    [{ query: { visible: 'x' } }, 'unknown query parameter visible'],
    [{ query: { per_page: 'many' } }, 'parameter per_page must be integer'],
    [{ path: '/orgs/octo/secrets' }, 'slice.json has no such operation'],
    [{ method: 'POST' }, 'slice.json has no such operation'],
    [{ body: '{}' }, 'request: a body of type application/json is not documented'],
  ])('reports the invalid request %j', async (change, problem) => {
    const recorded = { ...(await exchange()), ...change };
    expect(checkExchange(recorded)).toEqual([`${recorded.method} ${recorded.path}: ${problem}`]);
  });

  it.each([
    [{ status: 204 }, 'status 204 is not documented'],
    [{ status: 500, body: '{"error":1}' }, `500 body must have required property 'message'`],
    [{ body: '{' }, '200 body: Expected property name'],
    [{ status: 304 }, '304 with a body'],
    [{ headers: {} }, '200: a body of type none is not documented'],
  ])('reports the invalid response %j', async (change, problem) => {
    const recorded = await exchange();
    const problems = checkExchange({ ...recorded, response: { ...recorded.response, ...change } });
    expect(problems.join()).toContain(problem);
  });
});
