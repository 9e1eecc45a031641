import type { GitHub, Parameters } from './client.ts';
import { GitHubFailure } from './failure.ts';

const perPage = 100;

/**
 * Reads a list page by page. The caller stops by leaving the loop. Uses the number of items and `total_count` to find
 * the last page, not the `Link` header, because proxies rewrite it. An item that moves to a later page between two
 * requests is returned once.
 * @param read checks the shape of an item; returns `undefined` if the item cannot be used
 * @throws GitHubFailure
 */
export async function* pagesOf<T extends { id: number }>(
  github: GitHub,
  route: string,
  parameters: Parameters,
  key: string,
  read: (item: unknown) => T | undefined,
): AsyncGenerator<T[]> {
  const seen = new Set<number>();
  for (let page = 1, received = 0; ; page += 1) {
    const answer = (await github.get(route, { ...parameters, per_page: perPage, page })) as Record<
      string,
      unknown
    >;
    const raw = answer[key];
    if (!Array.isArray(raw)) throw unusable(route, `'${key}' is not a list`);
    const items = raw
      .map((item: unknown) => read(item) ?? fail(route, key))
      .filter(({ id }) => !seen.has(id));
    for (const { id } of items) seen.add(id);
    received += raw.length;
    yield items;
    const total =
      typeof answer['total_count'] === 'number' ? answer['total_count'] : Number.POSITIVE_INFINITY;
    if (raw.length < perPage || received >= total) return;
  }
}

function fail(route: string, key: string): never {
  throw unusable(route, `an item of '${key}' does not have the documented shape`);
}

function unusable(route: string, why: string): GitHubFailure {
  return new GitHubFailure('invalid-response', `${route}: ${why}`);
}
