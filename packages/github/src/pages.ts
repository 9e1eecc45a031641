import type { GitHub, Parameters } from './client.ts';
import { GitHubFailure } from './failure.ts';
import { pathOf } from './path.ts';

const perPage = 100;
/** The first pages are read one by one: most callers find what they need there. */
const singlePages = 4;
/** Maximum number of pages that are requested at once. GitHub allows 100 concurrent requests of one user. */
const maxParallel = 8;

/**
 * The pages of a list. After the last page it returns why the list is incomplete, `undefined` if it is complete. An
 * incomplete list proves that its items exist, but not that others do not.
 */
export type Pages<T> = AsyncGenerator<T[], GitHubFailure | undefined>;

/**
 * Reads a list page by page, later pages in parallel. The caller stops by leaving the loop. Uses the number of
 * items and `total_count` to find the last page, not the `Link` header, because proxies rewrite it. Returns each item
 * once, and skips an item that `read` cannot use. A list is incomplete in each of these cases:
 * - It has fewer or more items than `total_count`, or GitHub does not say how many it has.
 * - `total_count` became smaller meanwhile: an item may have moved to a page that was read already.
 * - An item was skipped.
 * - It `isLive`, and a second look at the earlier pages found a new item.
 * @param read checks the shape of an item; returns `undefined` if the item cannot be used
 * @param options `isLive`: items leave the list at any time. If one leaves an earlier page while another joins, the next
 * page begins one item too late, and the total does not show it. So all pages but the last are read twice
 * @throws GitHubFailure if a page cannot be read
 */
export async function* pagesOf<T extends { id: number }>(
  github: GitHub,
  route: string,
  parameters: Parameters,
  key: string,
  read: (item: unknown) => T | undefined,
  { isLive = false }: { isLive?: boolean } = {},
): Pages<T> {
  const path = pathOf(route, parameters);
  const request = (first: number, count: number): Promise<PromiseSettledResult<Page<T>>[]> => {
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    const requests = numbers.map((page) => github.get(route, { ...parameters, per_page: perPage, page }));
    return Promise.allSettled(requests.map(async (answer) => readPage(path, key, await answer, read)));
  };
  const seen = new Set<number>();
  const unseen = (items: readonly T[]): T[] => items.filter(({ id }) => !seen.has(id) && seen.add(id));
  let [pages, received, skipped, total] = [0, 0, 0, undefined as number | undefined];
  let [isOver, hasChanged] = [false, false];
  for (let parallel = 1; !isOver;) {
    for (const answer of await request(pages + 1, parallel)) {
      const { items, listed, count } = valueOf(answer);
      pages += 1;
      received += listed;
      skipped += listed - items.length;
      hasChanged ||= count !== undefined && total !== undefined && count < total;
      total = count;
      isOver = listed < perPage || received >= (total ?? Number.POSITIVE_INFINITY);
      yield unseen(items);
      if (isOver) break;
    }
    const left = total === undefined ? 1 : Math.ceil((total - received) / perPage);
    parallel = pages < singlePages ? 1 : Math.max(1, Math.min(maxParallel, left));
  }
  for (let first = 1; isLive && first < pages; first += maxParallel)
    for (const answer of await request(first, Math.min(maxParallel, pages - first))) {
      const found = unseen(valueOf(answer).items);
      hasChanged ||= found.length > 0;
      yield found;
    }
  return whyIncomplete(path, { skipped, hasChanged, read: seen.size + skipped, total });
}

/** Reads the first page of a list. An item that cannot be used is skipped. @throws GitHubFailure */
export async function firstPage<T>(pages: Pages<T>): Promise<T[]> {
  for await (const page of pages) return page;
  return [];
}

/** Reads all items of a list. @throws GitHubFailure if the list is incomplete */
export async function allPages<T>(pages: Pages<T>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const { done, value } = await pages.next();
    if (done === true) {
      if (value !== undefined) throw value;
      return all;
    }
    for (const item of value) all.push(item);
  }
}

interface Page<T> {
  items: T[];
  /** Number of items, usable or not. */
  listed: number;
  /** `total_count`; `undefined` if it is not a number. */
  count: number | undefined;
}

function readPage<T>(
  path: string,
  key: string,
  answer: unknown,
  read: (item: unknown) => T | undefined,
): Page<T> {
  const { [key]: raw, total_count: count } = answer as Record<string, unknown>;
  if (!Array.isArray(raw)) throw new GitHubFailure('invalid-response', `${path}: '${key}' is not a list`);
  const items = raw.map(read).filter((item) => item !== undefined);
  return { items, listed: raw.length, count: typeof count === 'number' ? count : undefined };
}

/** Returns the value of a request. @throws its error */
function valueOf<T>(answer: PromiseSettledResult<T>): T {
  if (answer.status === 'rejected') throw answer.reason as Error;
  return answer.value;
}

function whyIncomplete(
  path: string,
  {
    skipped,
    hasChanged,
    read,
    total,
  }: { skipped: number; hasChanged: boolean; read: number; total: number | undefined },
): GitHubFailure | undefined {
  const incomplete = (why: string) => new GitHubFailure('incomplete', `${path}: ${why}`);
  if (skipped > 0)
    return incomplete(`${skipped} of ${read} items do not have the documented shape, and were skipped`);
  if (hasChanged) return incomplete('the list changed while it was read, so it may have more items');
  if (total === undefined) return incomplete('GitHub does not say how many items it has');
  if (read !== total) return incomplete(`GitHub listed ${read} items and reports ${total}`);
  return undefined;
}
