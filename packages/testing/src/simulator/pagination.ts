import type { Call, Reply } from './exchange.ts';

/**
 * Returns one page of a list: `{ total_count, [key]: items }` with GitHub's `Link` header. A page has `per_page` items:
 * 30 by default, 100 at most.
 * Source: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export function paginate<T>(
  { request }: Call,
  key: string,
  all: readonly T[],
  render: (item: T) => unknown,
): Reply {
  const { items, headers } = pageOf({ request }, all);
  return { status: 200, json: { total_count: all.length, [key]: items.map(render) }, headers };
}

/** Returns the items of one page, and its `Link` header, for a list that GitHub sends without a total. */
export function pageOf<T>(
  { request }: Pick<Call, 'request'>,
  all: readonly T[],
): { items: T[]; headers: Record<string, string> } {
  const size = Math.min(parsePositive(request.query.per_page) ?? 30, 100);
  const page = parsePositive(request.query.page) ?? 1;
  const last = Math.max(1, Math.ceil(all.length / size));
  const items = all.slice((page - 1) * size, page * size);
  const links = [
    ...(page > 1 ? [pageLink(request, Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [pageLink(request, page + 1, 'next'), pageLink(request, last, 'last')] : []),
    ...(page > 1 ? [pageLink(request, 1, 'first')] : []),
  ];
  const headers = links.length > 0 ? { link: links.join(', ') } : {};
  return { items, headers };
}

/** Returns one entry of a `Link` header: the same request for another page. */
export function pageLink(request: Call['request'], page: number, relation: string): string {
  const query = new URLSearchParams({ ...request.query, page: `${page}` });
  return `<${request.baseUrl}${request.path}?${query}>; rel="${relation}"`;
}

function parsePositive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}
