import { afterEach, describe, expect, it } from 'vitest';
import { assertContract, type Simulator } from '../../src/simulator/index.ts';
import { exampleFleet, read, send, simulate } from './fixture.ts';

const issues = '/repos/octo/app/issues';
let simulator: Simulator;

afterEach(() => assertContract(simulator));

const numbers = async (query: string) =>
  (await read<{ number: number }[]>(simulator, `${issues}${query}`)).map(({ number }) => number);
const write = (method: string, path: string, body: object, token = 'admin-token') =>
  send(simulator, `${issues}${path}`, { method, token, body: JSON.stringify(body) });

describe('issues', () => {
  it.each([
    ['by label, whatever its case, with pull requests', '?labels=alert&state=all', [7, 5]],
    ['open ones only, unless told otherwise', '?labels=alert', [5]],
    ['with all labels', '?labels=alert,other&state=all', []],
    ['from the lowest number', '?state=all&direction=asc', [5, 7]],
    ['by pages', '?state=all&per_page=1&page=2', [5]],
  ])('are listed %s', async (_how, query, expected) => {
    simulator = await simulate();
    expect(await numbers(query)).toEqual(expected);
  });

  it('get the next number and the account of the token as the author', async () => {
    simulator = await simulate();
    const made = (await (await write('POST', '', { title: 'a', labels: ['x'] })).json()) as object;
    expect(made).toMatchObject({ number: 8, state: 'open', user: { login: 'ada', type: 'User' } });
    const fleet = exampleFleet();
    const tokens = { job: { permissions: { issues: 'write' as const } } };
    simulator.setFleet({ ...fleet, tokens });
    const bot = (await (await write('POST', '', { title: 'a' }, 'job')).json()) as object;
    expect(bot).toMatchObject({ user: { login: 'github-actions[bot]', type: 'Bot' } });
  });

  it('change, close with a reason, open again and get comments', async () => {
    simulator = await simulate();
    const closed = await write('PATCH', '/5', { state: 'closed', state_reason: 'duplicate', body: 'b' });
    expect(await closed.json()).toMatchObject({ state: 'closed', state_reason: 'duplicate', body: 'b' });
    const open = await write('PATCH', '/5', { state: 'open' });
    expect(await open.json()).toMatchObject({ state_reason: 'reopened', closed_at: null });
    expect((await write('POST', '/5/comments', { body: 'c' })).status).toBe(201);
    const [app] = simulator.fleet().repositories;
    expect(app?.issues?.[0]?.comments).toMatchObject([{ user: 'ada', body: 'c' }]);
    expect((await write('PATCH', '/99', { state: 'open' })).status).toBe(404);
  });

  it('are refused without the permission, beyond GitHub’s lengths, and where they are turned off', async () => {
    simulator = await simulate();
    const refused = await write('POST', '', { title: 'a' }, 'github-token');
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write');
    expect((await write('POST', '', { title: 'a'.repeat(257) })).status).toBe(422);
    expect((await write('POST', '/5/comments', { body: 'a'.repeat(65_537) })).status).toBe(422);
    const fleet = exampleFleet();
    const repositories = fleet.repositories.map((each) => ({ ...each, has_issues: false }));
    simulator.setFleet({ ...fleet, repositories });
    expect((await write('POST', '', { title: 'a' })).status).toBe(410);
    expect(await numbers('?state=all')).toEqual([5]);
  });

  it('leave the account of the token of a job or of an App secret', async () => {
    simulator = await simulate();
    expect(await read(simulator, '/user')).toMatchObject({ login: 'ada' });
    expect((await send(simulator, '/user', { token: 'github-token' })).status).toBe(403);
    expect((await send(simulator, '/user', { token: '' })).status).toBe(401);
  });
});
