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
 * - It has fewer or more items than `total_count`.
 * - `total_count` became smaller meanwhile: an item may have moved to a page that was read already.
 * - An item was skipped.
 * @param read checks the shape of an item; returns `undefined` if the item cannot be used
 * @throws GitHubFailure if a page cannot be read
 */
export async function* pagesOf<T extends { id: number }>(
  github: GitHub,
  route: string,
  parameters: Parameters,
  key: string,
  read: (item: unknown) => T | undefined,
): Pages<T> {
  const path = pathOf(route, parameters);
  const seen = new Set<number>();
  let [received, skipped, total, isShrinking] = [0, 0, undefined as number | undefined, false];
  for (let page = 1, parallel = 1; ;) {
    const pages = Array.from({ length: parallel }, (_, index) => page + index);
    const answers = await Promise.allSettled(
      pages.map(async (number) => {
        const answer = await github.get(route, { ...parameters, per_page: perPage, page: number });
        return readPage(path, key, answer);
      }),
    );
    for (const answer of answers) {
      if (answer.status === 'rejected') throw answer.reason as Error;
      const { raw, count } = answer.value;
      const usable = raw.map(read).filter((item) => item !== undefined);
      const items = [...new Map(usable.map((item) => [item.id, item])).values()].filter(
        ({ id }) => !seen.has(id),
      );
      for (const { id } of items) seen.add(id);
      received += raw.length;
      skipped += raw.length - usable.length;
      isShrinking ||= count !== undefined && total !== undefined && count < total;
      total = count;
      yield items;
      if (raw.length < perPage || received >= (total ?? Number.POSITIVE_INFINITY))
        return whyIncomplete(path, { skipped, isShrinking, read: seen.size + skipped, total });
    }
    page += parallel;
    const left = total === undefined ? 1 : Math.ceil((total - received) / perPage);
    parallel = page <= singlePages ? 1 : Math.max(1, Math.min(maxParallel, left));
  }
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

function readPage(path: string, key: string, answer: unknown): { raw: unknown[]; count: number | undefined } {
  const { [key]: raw, total_count: count } = answer as Record<string, unknown>;
  if (!Array.isArray(raw)) throw new GitHubFailure('invalid-response', `${path}: '${key}' is not a list`);
  return { raw, count: typeof count === 'number' ? count : undefined };
}

function whyIncomplete(
  path: string,
  {
    skipped,
    isShrinking,
    read,
    total,
  }: { skipped: number; isShrinking: boolean; read: number; total: number | undefined },
): GitHubFailure | undefined {
  const incomplete = (why: string) => new GitHubFailure('incomplete', `${path}: ${why}`);
  if (skipped > 0)
    return incomplete(`${skipped} of ${read} items do not have the documented shape, and were skipped`);
  if (isShrinking) return incomplete('the list changed while it was read, so it may have more items');
  if (read !== (total ?? read)) return incomplete(`GitHub listed ${read} items and reports ${total}`);
  return undefined;
}
