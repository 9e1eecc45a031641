import { expect, it } from 'vitest';
import type { GitHub } from '../src/client.ts';
import { allPages, pagesOf } from '../src/pages.ts';
import { runPage } from '../src/run-pages.ts';

type Item = { id: number };
const item = (id: number): Item => ({ id });
const items = (amount: number): Item[] => Array.from({ length: amount }, (_, index) => item(index + 1));

/** Creates a server with a list. `change` changes the list after that many requests. */
function serve(
  list: Item[],
  {
    change = (_requests: number, now: Item[]): Item[] => now,
    totalOf = (now: Item[]): unknown => now.length,
  } = {},
) {
  let now = list;
  const pages: unknown[] = [];
  const get = async (_route: string, { page }: Readonly<Record<string, unknown>> = {}) => {
    pages.push(page);
    const shown = now.slice((Number(page) - 1) * 100, Number(page) * 100);
    const answer = { total_count: totalOf(now), things: shown };
    now = change(pages.length, now);
    return answer;
  };
  const github = { get } as unknown as GitHub;
  const read = async (isLive: boolean): Promise<number[]> => {
    const pages = pagesOf(github, '/things', {}, 'things', (one) => one as Item, { isLive });
    return (await allPages(pages)).map(({ id }) => id);
  };
  return { pages, read };
}

it('reads a list of one page once', async () => {
  const { read, pages } = serve(items(30));
  expect(await read(true)).toHaveLength(30);
  expect(pages).toEqual([1]);
});

it('reads all pages but the last a second time if items leave the list at any time', async () => {
  const { read, pages } = serve(items(1010));
  expect(await read(true)).toEqual(items(1010).map(({ id }) => id));
  expect([...pages].sort((one, other) => Number(one) - Number(other))).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((page) => [page, page]).concat([11]),
  );
  const stable = serve(items(1010));
  await stable.read(false);
  expect(stable.pages).toHaveLength(11);
});

it('reports a list as incomplete if one item left and another joined between two pages', async () => {
  const change = (requests: number, now: Item[]) => (requests === 1 ? [...now.slice(1), item(999)] : now);
  await expect(serve(items(150), { change }).read(true)).rejects.toThrow(/changed while it was read/);
});

it.each([
  ['no total', () => undefined],
  ['a total as text', (now: Item[]) => String(now.length)],
])('reports a list with %s as incomplete', async (_case, totalOf) => {
  await expect(serve(items(30), { totalOf }).read(false)).rejects.toThrow(/does not say how many items/);
});

it.each([undefined, null, 'many', -1])('refuses a page of runs with the total %s', async (total) => {
  const get = async () => ({ total_count: total, workflow_runs: [] });
  const github = { get } as unknown as GitHub;
  await expect(runPage(github, { owner: 'octo', name: 'app' }, {})).rejects.toThrow(/'total_count'/);
});
