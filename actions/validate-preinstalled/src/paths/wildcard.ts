/** Returns whether a path has wildcards: `*`, `?` or `**`. */
export function hasWildcards(path: string): boolean {
  return /[*?]/.test(path);
}

/**
 * Returns whether a name matches a pattern in which `*` stands for any text and `?` for one character. As in a shell, a
 * name that begins with a dot needs a pattern that does. Takes at most the product of both lengths.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let [at, from] = [0, 0];
  // Where the last `*` is, and up to where of the name it was tried.
  let star: { at: number; from: number } | undefined;
  while (from < name.length) {
    if (pattern[at] === '*') {
      star = { at, from };
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[from])) {
      at += 1;
      from += 1;
    } else if (star !== undefined) {
      star.from += 1;
      from = star.from;
      at = star.at + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
