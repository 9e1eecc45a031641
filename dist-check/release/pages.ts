import { posix } from 'node:path';
import type { Release } from './tree.ts';

/** What our own pages and workflows call this project until somebody releases it under a name of theirs. */
export const ownName = 'org/runner-actions';

const sourceOnly = /<!-- source only -->[^]*?<!-- \/source only -->\n*/g;
const link = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;

/**
 * A page as it stands in a release: without what only a clone of the source can do, with this release's names, and with
 * links that lead to files of the release or else to the source that it was made of.
 *
 * @param source the page's path in the source tree
 * @param path its path in the release
 * @param shipped path in the release by path in the source tree
 */
export function pageOf(
  text: string,
  source: string,
  path: string,
  shipped: ReadonlyMap<string, string>,
  release: Release,
): string {
  const linked = text
    .replaceAll(sourceOnly, '')
    .replaceAll(link, (whole, image: string, label: string, target: string) => {
      if (/^(\w+:|#)/.test(target)) return whole;
      const [file = '', anchor] = target.split('#');
      const wanted = posix.join(posix.dirname(source), file);
      const there = shipped.get(wanted);
      const base = `https://github.com/${ownName}/${image === '!' ? 'raw' : 'blob'}/${release.source}`;
      const address = there === undefined ? `${base}/${wanted}` : posix.relative(posix.dirname(path), there);
      return `${image}[${label}](${address}${anchor === undefined ? '' : `#${anchor}`})`;
    });
  return withNames(linked, release);
}

/** The same text with this release's repository and tag, and actions at the short path that they have there. */
export function withNames(text: string, { repository, ref }: Release): string {
  return text
    .replaceAll(/org\/runner-actions((?:\/[\w.-]+)+)@v1\b/g, (_whole, path: string) => {
      return `${ownName}${path.replace(/^\/actions\//, '/')}@${ref}`;
    })
    .replaceAll(`${ownName}/v1/`, `${ownName}/${ref}/`)
    .replaceAll(ownName, repository);
}
