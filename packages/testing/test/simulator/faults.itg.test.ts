import { describe, expect, it } from 'vitest';
import { assertContract } from '../../src/simulator/index.ts';
import { exampleFleet, read, runners, send, simulate } from './fixture.ts';

const path = '/orgs/octo/actions/runners';
const match = /^\/orgs\/octo\/actions\/runners/;

describe('a fault of the simulator', () => {
  it.each([401, 403, 404, 422, 429, 500, 503])('responds with status %i and its headers', async (status) => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'status', status, headers: { 'retry-after': '3' } });
    const response = await send(simulator, path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, '3']);
    expect(await response.json()).toMatchObject({ message: 'Simulated failure', status: `${status}` });
    expect(simulator.requests[0]).toMatchObject({ fault: 'status', path, token: 'admin-token' });
  });

  it('applies only to requests that match, and only as often as `times` says', async () => {
    const simulator = await simulate();
    simulator.fault({ match: 'page=2$', times: 2, kind: 'status', status: 502 });
    const statuses: number[] = [];
    for (const query of ['', '?page=2', '?page=2', '?page=2']) {
      statuses.push((await send(simulator, path + query)).status);
    }
    expect(statuses).toEqual([200, 502, 502, 200]);
    assertContract(simulator);
  });

  it('stalls until the client gives up', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'stall' });
    const client = new AbortController();
    const response = fetch(simulator.url + path, { signal: client.signal });
    const aborted = expect(response).rejects.toThrow('aborted');
    await expect.poll(() => simulator.requests.length).toBe(1);
    client.abort();
    await aborted;
  });

  it('stalls after the headers', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'stall', afterHeaders: true });
    const response = await send(simulator, path);
    expect(response.status).toBe(200);
    const body = expect(response.text()).rejects.toThrow();
    await simulator.stop();
    await body;
  });

  it('truncates the body', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'truncate' });
    const response = await send(simulator, path);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('resets the connection', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'reset', times: 1 });
    await expect(send(simulator, path)).rejects.toThrow('fetch failed');
    expect((await send(simulator, path)).status).toBe(200);
  });

  it('responds with an HTML page', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'html' });
    const response = await send(simulator, path);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(await response.text()).toContain('<html>');
  });

  it('responds with invalid JSON and a JSON content type', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'invalid-json' });
    const response = await send(simulator, path);
    expect(response.headers.get('content-type')).toContain('application/json');
    await expect(response.json()).rejects.toThrow('JSON');
  });

  it('links to endless pages, which all have the items of the first', async () => {
    const simulator = await simulate(exampleFleet({ organization_runners: runners(3, 'pool') }));
    simulator.fault({ match, kind: 'lying-link' });
    const response = await send(simulator, `${path}?page=7`);
    expect(response.headers.get('link')).toContain('page=8>; rel="next"');
    expect(await response.json()).toEqual(await read(simulator, path));
    expect(simulator.requests[0]?.query).toEqual({ page: '7' });
  });

  it('reports another number of items, and responds late', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'wrong-total', total: 7, times: 1 });
    simulator.fault({ match, kind: 'delay', milliseconds: 50 });
    const list = await read<{ total_count: number }>(simulator, path);
    expect(list.total_count).toBe(7);
    const started = performance.now();
    expect(await read(simulator, path)).toEqual({ ...list, total_count: 3 });
    // A timer may fire a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(45);
  });

  it('changes the fleet after a request', async () => {
    const simulator = await simulate();
    simulator.changeAfter(/runners$/, (before) => ({ ...before, organization_runners: [] }));
    expect(await read(simulator, path)).toMatchObject({ total_count: 3 });
    expect(await read(simulator, path)).toMatchObject({ total_count: 0 });
  });

  it('exceeds the rate limit, with a reset by the time of the fleet', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'rate-limit', resetSeconds: 60 });
    const { status, headers } = await send(simulator, path);
    const reset = `${Date.parse('2026-03-02T12:01:00Z') / 1_000}`;
    expect([status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]).toEqual([
      403,
      '0',
      reset,
    ]);
  });

  it('exceeds the secondary rate limit', async () => {
    const simulator = await simulate();
    simulator.fault({ match, kind: 'rate-limit', resetSeconds: 9, secondary: true });
    const response = await send(simulator, path);
    expect([response.status, response.headers.get('retry-after')]).toEqual([403, '9']);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('secondary rate limit') });
  });

  it('prevents a write from changing the fleet', async () => {
    const simulator = await simulate();
    simulator.fault({ match: 'rerun', kind: 'status', status: 500 });
    await send(simulator, '/repos/octo/app/actions/runs/10/rerun', { method: 'POST' });
    expect(simulator.fleet()).toEqual(exampleFleet());
  });
});
