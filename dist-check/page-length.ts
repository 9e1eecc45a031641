// Checks that no page is too long to read: `npm run docs:check` fails where one is.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './actions.ts';

/** Maximum number of words in a page, including tables and code. White space separates words. */
const limit = 3000;

/** Returns a message for each page over the limit. @param pages texts by path */
export function checkPageLengths(pages: Readonly<Record<string, string>>): string[] {
  return Object.entries(pages).flatMap(([path, text]) => {
    const words = text.match(/\S+/g)?.length ?? 0;
    if (words <= limit) return [];
    return [
      `${path}: ${words} words, over the limit of ${limit}: move a topic to a page of its own and link to it`,
    ];
  });
}

/** Returns README.md, the pages in docs/ and the READMEs of the actions, by path. */
export function readPages(folder = root): Record<string, string> {
  const paths = globSync(['README.md', 'docs/**/*.md', 'actions/**/README.md'], {
    cwd: folder,
    exclude: ['**/node_modules/**'],
  }).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

if (process.argv[1] === import.meta.filename) {
  const problems = checkPageLengths(readPages());
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
