import { posix } from 'node:path';
import { type Address, readMarkup, type Range } from './markdown.ts';
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

/** A range of a text, and what replaces it. */
interface Edit extends Range {
  text: string;
}

const marker = /<!-- (\/?)source only -->/g;
// The name must not be a part of a longer one, and `@v1` not of a longer version.
const own = new RegExp(
  `(?<![\\w.-])${ownName}(?![\\w-]|\\.(?!git\\b)\\w)(?:((?:/[\\w.-]+)*)@v1(?![\\w-]|\\.\\w)|/v1/)?`,
  'g',
);

/**
 * Converts a page of the source to a page of a release. It removes sections that apply only to a clone of the source,
 * and uses the names of the release. Everything else stays byte for byte.
 *
 * @param source the page's path in the source tree
 * @param addressOf returns the address of a file of the source tree that is shipped. Links to other files lead to the
 *   commit of the source.
 * @throws Error if a link cannot be converted, or a section has no begin or no end. It names the page and the line.
 */
export function releasePage(
  text: string,
  source: string,
  addressOf: (path: string, view: View) => string | undefined,
  release: Release,
): string {
  const { addresses, code } = readMarkup(text);
  const fail = (at: number, problem: string): never => {
    throw new Error(`${source}:${text.slice(0, at).split('\n').length}: ${problem}`);
  };
  const sections = sourceSections(text, code, fail);
  const links = addresses
    .filter((address) => !sections.some((section) => contains(section, address)))
    .flatMap((address) => {
      const target = targetOf(address, source, fail);
      if (target === undefined) return [];
      const view = /\.(gif|jpe?g|png|svg|webp)$/i.test(target.path) ? 'raw' : 'blob';
      const found =
        addressOf(target.path, view) ?? addressOn(release.repository, view, release.source, target.path);
      return [{ ...address, text: encoded(found) + target.rest }];
    });
  const edits = [...sections.map((section) => ({ ...section, text: '' })), ...links];
  return edited(text, edits, (part) => withNames(part, release));
}

/** Returns the text after the edits. `convert` converts what is between them. */
function edited(text: string, edits: Edit[], convert: (part: string) => string): string {
  let end = 0;
  let result = '';
  for (const edit of edits.toSorted((one, other) => one.from - other.from)) {
    result += convert(text.slice(end, edit.from)) + edit.text;
    end = edit.to;
  }
  return result + convert(text.slice(end));
}

type Fail = (at: number, problem: string) => never;

/** Returns the sections between the markers, with the empty lines after them. */
function sourceSections(text: string, code: Range[], fail: Fail): Range[] {
  const markers = [...text.matchAll(marker)].filter(
    ({ index }) => !code.some((range) => contains(range, { from: index, to: index + 1 })),
  );
  return markers.flatMap(({ 0: whole, 1: slash, index }, order) => {
    const isEnd = slash !== '';
    const isPaired = isEnd === (order % 2 === 1) && (isEnd || order + 1 < markers.length);
    if (!isPaired) fail(index, `${whole} has no ${isEnd ? 'begin' : 'end'}. Add it, or remove this line.`);
    const begin = markers[order - 1];
    if (!isEnd || begin === undefined) return [];
    const [gap = ''] = /^\n*/.exec(text.slice(index + whole.length)) ?? [];
    return [{ from: begin.index, to: index + whole.length + gap.length }];
  });
}

/**
 * Returns the file of the source tree that an address names, and the query and anchor after it. An address of another
 * site, or of a heading of the same page, has no file.
 */
function targetOf(
  { text, from }: Address,
  source: string,
  fail: Fail,
): { path: string; rest: string } | undefined {
  if (/^([a-z][a-z\d+.-]*:|\/\/|[#?]|$)/i.test(text)) return undefined;
  const cannot = (why: string): never => fail(from, `the link to ${text} cannot be converted: ${why}.`);
  if (/[\\&]/.test(text)) cannot('it has an escaped character. Write it as it is, or as %20 for a space');
  const [, file = '', rest = ''] = /^([^#?]*)(.*)$/s.exec(text) ?? [];
  const path = posix.join(
    file.startsWith('/') ? '.' : posix.dirname(source),
    decoded(file) ?? cannot('it has a % that encodes nothing. Write %25'),
  );
  if (path.startsWith('../')) cannot('it leads out of the repository');
  return { path: path.replace(/^\//, ''), rest: rest.replaceAll(/[\s()<>"'`]/g, percent) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Returns an address without characters that mean something in Markdown, in HTML or after a path. */
const encoded = (address: string): string => encodeURI(address).replaceAll(/[()#?'&=]/g, percent);

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

const contains = (outer: Range, inner: Range): boolean => outer.from <= inner.from && inner.to <= outer.to;

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
