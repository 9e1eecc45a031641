/**
 * Reports whether a time matches a query in GitHub's search syntax for dates: `2024-05-01`, `>=…`, `<…`, `from..to`,
 * with `*` for no limit.
 * Source: https://docs.github.com/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax
 */
export function matchesDate(query: string, time: string): boolean {
  const at = Date.parse(time);
  const range = /^(.+)\.\.(.+)$/.exec(query);
  if (range !== null) return at >= start(range[1]!) && at <= end(range[2]!);
  const comparison = /^(>=|<=|>|<)(.+)$/.exec(query);
  const value = comparison?.[2] ?? query;
  switch (comparison?.[1]) {
    case '>=':
      return at >= start(value);
    case '>':
      return at > end(value);
    case '<=':
      return at <= end(value);
    case '<':
      return at < start(value);
    default:
      return at >= start(value) && at <= end(value);
  }
}

function start(value: string): number {
  return value === '*' ? -Infinity : Date.parse(value);
}

/** A date without a time ends with the last millisecond of the day. */
function end(value: string): number {
  if (value === '*') return Infinity;
  return Date.parse(value) + (/^\d{4}-\d\d-\d\d$/.test(value) ? 86_399_999 : 0);
}

const date = String.raw`\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?`;
const dateQuery = new RegExp(String.raw`^((>=|<=|>|<)?${date}|(${date}|\*)\.\.(${date}|\*))$`);

/** Reports whether a text is a query in the syntax that `matchesDate` understands. */
export function isDateQuery(query: string): boolean {
  return dateQuery.test(query);
}
