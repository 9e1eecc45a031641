import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import GitHubSlugger from 'github-slugger';
import { lexer, type Token, walkTokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { root } from '../actions.ts';

const pages = globSync(['*.md', 'docs/**/*.md', 'actions/**/README.md', '.github/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
});

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

function tokensIn<Type extends Token['type']>(text: string, type: Type): Extract<Token, { type: Type }>[] {
  const found: Token[] = [];
  walkTokens(lexer(text), (token) => {
    if (token.type === type) found.push(token);
  });
  return found as Extract<Token, { type: Type }>[];
}

/** Returns the anchors of a page's headings, as GitHub creates them. A repeated heading gets a number. */
function anchorsIn(text: string): string[] {
  const slugger = new GitHubSlugger();
  return tokensIn(text, 'heading').map(({ text: heading }) =>
    slugger.slug(heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '')),
  );
}

/** Returns the links and images of a page that name files or headings that do not exist in this repository. */
function brokenLinks(page: string, text: string): string[] {
  const targets = [...tokensIn(text, 'link'), ...tokensIn(text, 'image')].map(({ href }) => href);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (file.startsWith('..') || !existsSync(join(root, file))) return true;
    return anchor !== undefined && !(file.endsWith('.md') && anchorsIn(textOf(file)).includes(anchor));
  });
}

describe('the links of pages', () => {
  it.each(pages)('lead to files and headings that exist: %s', (page) => {
    expect(brokenLinks(page, textOf(page))).toEqual([]);
  });

  it('lead from the front page to every page of docs', () => {
    const seen = new Set(['README.md']);
    for (const page of seen)
      for (const { href } of tokensIn(textOf(page), 'link')) {
        const path = join(dirname(page), href.replace(/#.*/, ''));
        const target = existsSync(join(root, path, 'README.md')) ? join(path, 'README.md') : path;
        if (pages.includes(target)) seen.add(target);
      }
    expect(pages.filter((page) => page.startsWith('docs/') && !seen.has(page))).toEqual([]);
  });

  it('are reported if the file or the heading does not exist', () => {
    const links =
      '[a](README.md) [b](none.md) [c](docs/testing.md#none) [d](#here) [e](https://x.test/#none) ![f](none.png) [g](../README.md)';
    expect(brokenLinks('README.md', links)).toEqual([
      'none.md',
      'docs/testing.md#none',
      '#here',
      '../README.md',
      'none.png',
    ]);
  });

  it('match headings with code, links, punctuation and repetition', () => {
    const prose = '# The `keep` input, and why?\n## [Why](x.md)\n## Why\n';
    expect(anchorsIn(prose)).toEqual(['the-keep-input-and-why', 'why', 'why-1']);
  });
});
