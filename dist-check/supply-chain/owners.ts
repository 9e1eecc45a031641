/**
 * Returns what is wrong with a CODEOWNERS file: sensitive files without an owner, and rules that match no file. Only
 * rules that begin with a slash are understood, with `*` for one name, and a slash at the end for a folder.
 *
 * @param text the file
 * @param sensitive paths that need an owner
 */
export function checkOwners(text: string, sensitive: readonly string[]): string[] {
  const rules = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [pattern = '', ...owners] = line.split(/\s+/);
      return { pattern, owners, matches: matcher(pattern) };
    });
  const problems = rules.flatMap(({ pattern, owners, matches }) => {
    if (!/^(?:\/(?:[\w.-]+|\*))+\/?$/.test(pattern))
      return [`${pattern}: this form of rule is not supported`];
    if (!sensitive.some((path) => matches.test(path))) return [`${pattern} matches no sensitive file`];
    const unknown = owners.filter((owner) => !/^@[\w.-]+\/[\w.-]+$/.test(owner));
    return unknown.map((owner) => `${pattern}: ${owner} is not a team`);
  });
  // The last rule that matches decides. A rule without owners removes them.
  const unowned = sensitive.filter((path) => {
    const last = rules.findLast(({ matches }) => matches.test(path));
    return last === undefined || last.owners.length === 0;
  });
  return [...problems, ...unowned.map((path) => `${path} has no owner`)];
}

function matcher(pattern: string): RegExp {
  const names = pattern.slice(1).split('/');
  const source = names.map((name) => name.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]+')).join('/');
  return new RegExp(pattern.endsWith('/') ? `^${source}` : `^${source}(?:/|$)`);
}
