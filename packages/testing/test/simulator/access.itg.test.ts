import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { assertContract } from '../../src/simulator/index.ts';
import { exampleFleet, read, send, simulate } from './fixture.ts';

describe('simulator access control', () => {
  it.each([
    ['unknown', '/repos/octo/app', 401],
    ['unknown', '/repos/octo/site', 401],
    ['', '/repos/octo/site', 200],
    ['', '/repos/octo/site/actions/runs', 200],
    ['', '/repos/octo/app', 404],
    ['', '/orgs/octo/actions/runners', 401],
    ['other-token', '/repos/octo/app', 404],
    ['other-token', '/repos/octo/site', 200],
    ['github-token', '/repos/octo/app/actions/runs', 200],
    ['github-token', '/repos/octo/app/contents/docs/a.md', 200],
    ['github-token', '/repos/octo/app/actions/runners', 403],
    ['github-token', '/orgs/octo/actions/runner-groups', 403],
    ['github-token', '/enterprises/acme/actions/runners', 403],
    ['admin-token', '/REPOS/octo/app', 404],
    ['admin-token', '/repos/Octo/APP', 200],
    ['admin-token', '/repos/octo/none', 404],
  ])('responds to token %j for %s with %i', async (token, path, status) => {
    const simulator = await simulate();
    expect((await send(simulator, path, { token })).status).toBe(status);
    if (!path.startsWith('/REPOS')) assertContract(simulator);
  });

  it('names the missing permission in a header', async () => {
    const simulator = await simulate();
    const denied = await send(simulator, '/orgs/octo/actions/runners', { token: 'github-token' });
    expect(denied.headers.get('x-accepted-github-permissions')).toBe('organization_self_hosted_runners=read');
    const rerun = { token: 'github-token', method: 'POST' };
    const refused = await send(simulator, '/repos/octo/app/actions/runs/10/rerun', rerun);
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('actions=write');
  });

  it('responds with 404 for an organization if the owner is a user', async () => {
    const simulator = await simulate(exampleFleet({ owner: { login: 'octo', kind: 'user' } }));
    expect((await send(simulator, '/orgs/octo/actions/runners')).status).toBe(404);
    expect((await send(simulator, '/repos/octo/app/actions/runners')).status).toBe(200);
  });
});

describe('a request without a user agent', () => {
  it('gets a 403', async () => {
    const simulator = await simulate();
    const client = request(`${simulator.url}/rate_limit`).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(403);
    assertContract(simulator);
  });
});

describe('the rate limit', () => {
  const fleet = exampleFleet({
    tokens: { scarce: { permissions: { actions: 'read' }, rate_limit: { limit: 1_000, remaining: 2 } } },
  });

  it('counts requests per token, is shown in headers, and leads to a 403', async () => {
    const simulator = await simulate(fleet);
    const seen: (string | number | null)[][] = [];
    for (let count = 0; count < 3; count += 1) {
      const { status, headers } = await send(simulator, '/repos/octo/app/actions/runs', { token: 'scarce' });
      seen.push([status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]);
    }
    const reset = `${Date.parse('2026-03-02T13:00:00Z') / 1_000}`;
    expect(seen).toEqual([
      [200, '1', reset],
      [200, '0', reset],
      [403, '0', reset],
    ]);
    assertContract(simulator);
  });

  it('does not count requests for /rate_limit', async () => {
    const simulator = await simulate(fleet);
    const rate = { limit: 1_000, remaining: 2, used: 998 };
    for (let count = 0; count < 3; count += 1) {
      expect(await read(simulator, '/rate_limit', { token: 'scarce' })).toMatchObject({ rate });
    }
  });
});
