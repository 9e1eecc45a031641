/** Joins the first five paths for a log line. */
export function formatPaths(paths: readonly string[]): string {
  const rest = paths.length - 5;
  return paths.slice(0, 5).join(', ') + (rest > 0 ? ` and ${rest} more` : '') || 'no file matches';
}

/** Formats a number with its noun, in the singular or plural. */
export function formatCount(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
