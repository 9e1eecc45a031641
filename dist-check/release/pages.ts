import { posix } from 'node:path';
import type { Release } from './tree.ts';

/**
 * The `owner/name` of this project in its own pages and workflows. A release replaces it with the name of its
 * repository.
 */
export const ownName = 'org/runner-actions';

const sourceOnly = /<!-- source only -->[^]*?<!-- \/source only -->\n*/g;
const link = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;

/**
 * Converts a page of the source to a page of a release. It removes sections that apply only to a clone of the source,
 * and uses the names of the release. Links lead to files of the release, or else to the commit of the source.
 *
 * @param source the page's path in the source tree
 * @param path the page's path in the release
 * @param shipped for each shipped file, its path in the release by its path in the source tree
 */
export function releasePage(
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
      const releasePath = shipped.get(wanted);
      const base = `https://github.com/${ownName}/${image === '!' ? 'raw' : 'blob'}/${release.source}`;
      const address =
        releasePath === undefined ? `${base}/${wanted}` : posix.relative(posix.dirname(path), releasePath);
      return `${image}[${label}](${address}${anchor === undefined ? '' : `#${anchor}`})`;
    });
  return withNames(linked, release);
}

/**
 * Returns the text with the repository and the tag of the release, and with the short paths that actions have in it.
 */
export function withNames(text: string, { repository, ref }: Release): string {
  return text
    .replaceAll(/org\/runner-actions((?:\/[\w.-]+)+)@v1\b/g, (_whole, path: string) => {
      return `${ownName}${path.replace(/^\/actions\//, '/')}@${ref}`;
    })
    .replaceAll(`${ownName}/v1/`, `${ownName}/${ref}/`)
    .replaceAll(ownName, repository);
}
