import { posix } from 'node:path';
import type { Release } from './tree.ts';

/**
 * The `owner/name` of this project in its own pages and workflows. A release replaces it with the name of its
 * repository.
 */
export const ownName = 'org/runner-actions';

/** How GitHub's address of a file shows it: as a page, or as the file itself, which images need. */
export type View = 'blob' | 'raw';

/** Returns the address of a file or folder in a repository on GitHub. */
export function addressOn(repository: string, view: View, ref: string, path: string): string {
  return `https://github.com/${repository}/${view}/${ref}/${path}`;
}

const sourceOnly = /<!-- source only -->[^]*?<!-- \/source only -->\n*/g;
// Three forms of links: `[label](target)`, `[label]: target` and HTML.
const links = [/(\]\()([^)\s]+)/g, /(^ {0,3}\[[^\]]+\]: *)(\S+)/gm, /(\b(?:href|src)=")([^"]+)/g];
const own = new RegExp(`${ownName}(?:((?:/[\\w.-]+)*)@v1\\b|/v1/)?`, 'g');

/**
 * Converts a page of the source to a page of a release. It removes sections that apply only to a clone of the source,
 * and uses the names of the release.
 *
 * @param source the page's path in the source tree
 * @param addressOf returns the address of a file of the source tree that is shipped. Links to other files lead to the
 *   commit of the source.
 */
export function releasePage(
  text: string,
  source: string,
  addressOf: (path: string, view: View) => string | undefined,
  release: Release,
): string {
  const adapt = (_whole: string, before: string, target: string): string => {
    if (/^(\w+:|#)/.test(target)) return before + target;
    const [file = '', anchor] = target.split('#');
    const path = posix.join(posix.dirname(source), file);
    const view = /\.(gif|jpe?g|png|svg|webp)$/.test(file) ? 'raw' : 'blob';
    const address = addressOf(path, view) ?? addressOn(release.repository, view, release.source, path);
    return `${before}${address}${anchor === undefined ? '' : `#${anchor}`}`;
  };
  const named = withNames(text.replaceAll(sourceOnly, ''), release);
  return links.reduce((page, pattern) => page.replaceAll(pattern, adapt), named);
}

/**
 * Returns the text with the repositories and the tag of the release, and with the short paths that actions have in it.
 */
export function withNames(text: string, { repository, ref, mirror }: Omit<Release, 'source'>): string {
  return text.replaceAll(own, (whole: string, path?: string) => {
    if (whole.endsWith('/v1/')) return `${repository}/${ref}/`;
    if (path === undefined) return repository;
    const short = path.replace(/^\/actions\//, '/');
    const isInMirror = mirror !== undefined && `${short}/`.startsWith(`/${mirror.name}/`);
    const name = isInMirror ? mirror.repository + short.slice(`/${mirror.name}`.length) : repository + short;
    return `${name}@${ref}`;
  });
}
