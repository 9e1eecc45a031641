/** Returns the first name of an archive's list that would be unpacked outside of its folder. */
export function unsafeName(names: readonly string[]): string | undefined {
  return names.find(
    (name) => /^(?:[/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).some((part) => part === '..'),
  );
}
