import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertContract } from '../../src/simulator/index.ts';
import { paginate } from '../../src/simulator/pagination.ts';
import { exampleFleet, read, runners, send, simulate } from './fixture.ts';

interface Page {
  total_count: number;
  runners: { id: number }[];
}

const path = '/orgs/octo/actions/runners';

describe('pagination', () => {
  const fleet = exampleFleet({ organization_runners: runners(250, 'pool') });

  it('returns 30 items by default and 100 at most', async () => {
    const simulator = await simulate(fleet);
    const sizes = await Promise.all(
      ['', '?per_page=100', '?per_page=7'].map((query) => read<Page>(simulator, path + query)),
    );
    expect(sizes.map((page) => [page.total_count, page.runners.length])).toEqual([
      [250, 30],
      [250, 100],
      [250, 7],
    ]);
    assertContract(simulator);
  });

  it('links each page to the next, so that a client reads all items', async () => {
    const simulator = await simulate(fleet);
    const ids: number[] = [];
    let next: string | undefined = `${path}?per_page=100`;
    while (next !== undefined) {
      const response = await send(simulator, next);
      ids.push(...((await response.json()) as Page).runners.map(({ id }) => id));
      const found = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '');
      next = found?.[1]?.slice(simulator.url.length);
    }
    expect(ids).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    expect(simulator.requests).toHaveLength(3);
    assertContract(simulator);
  });

  it('links to the first, previous, next and last page', async () => {
    const simulator = await simulate(fleet);
    const relations = async (page: number) => {
      const link = (await send(simulator, `${path}?per_page=100&page=${page}`)).headers.get('link') ?? '';
      return [...link.matchAll(/[?&]page=(\d+)>; rel="(\w+)"/g)].map(([, to, name]) => `${name} ${to}`);
    };
    expect(await relations(1)).toEqual(['next 2', 'last 3']);
    expect(await relations(2)).toEqual(['prev 1', 'next 3', 'last 3', 'first 1']);
    expect(await relations(3)).toEqual(['prev 2', 'first 1']);
  });

  it('has no links if all items fit on one page', async () => {
    const simulator = await simulate();
    expect((await send(simulator, path)).headers.has('link')).toBe(false);
  });

  it('keeps the prefix of an Enterprise Server in links', async () => {
    const simulator = await simulate(fleet);
    const { headers } = await send(simulator, `/api/v3${path}`);
    expect(headers.get('link')).toContain(`<${simulator.url}/api/v3${path}?page=2>; rel="next"`);
    assertContract(simulator);
  });
});

describe('paginate', () => {
  const page = (items: number[], size: number, number: number) => {
    const query = { per_page: `${size}`, page: `${number}` };
    const request = {
      method: 'GET',
      path: '/list',
      query,
      headers: {},
      body: '',
      baseUrl: 'http://localhost',
    };
    const call = { fleet: exampleFleet(), request, parameters: {} };
    return paginate(call, 'items', items, (item) => item);
  };

  it('returns each item once and in order on the linked pages', () => {
    const property = fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 120 }), (items, size) => {
      const seen: number[] = [];
      for (let number = 1, more = true; more; number += 1) {
        const reply = page(items, size, number);
        seen.push(...(reply.json as { items: number[] }).items);
        more = reply.headers?.link?.includes('rel="next"') ?? false;
      }
      expect(seen).toEqual(items);
    });
    fc.assert(property);
  });
});

describe('an ETag', () => {
  it('leads to a 304 without a body, which does not count against the rate limit', async () => {
    const simulator = await simulate();
    const first = await send(simulator, path);
    const etag = first.headers.get('etag') ?? '';
    const second = await send(simulator, path, { headers: { 'if-none-match': etag } });
    expect([second.status, await second.text()]).toEqual([304, '']);
    expect(second.headers.get('x-ratelimit-used')).toBe(first.headers.get('x-ratelimit-used'));
    assertContract(simulator);
  });

  it('depends on the fleet and on the token', async () => {
    const simulator = await simulate();
    const runs = '/repos/octo/app/actions/runs';
    const etag = async (token: string) => (await send(simulator, runs, { token })).headers.get('etag');
    const own = await etag('admin-token');
    expect(await etag('github-token')).not.toBe(own);
    expect(await etag('admin-token')).toBe(own);
    simulator.setFleet(exampleFleet({ runs: [] }));
    expect(await etag('admin-token')).not.toBe(own);
  });
});
