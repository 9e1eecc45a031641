import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../actions.ts';

const pages = ['README.md', 'SECURITY.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];

/** `a/{b,c}.ts` is two paths. */
function expand(path: string): string[] {
  const braces = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path);
  if (braces === null) return [path];
  const [, before = '', inside = '', after = ''] = braces;
  return inside.split(',').flatMap((part) => expand(`${before}${part}${after}`));
}

/** The files of this repository that a page names, but what stands for any name, is made by a build, or is a user’s own below .github. */
function filesIn(text: string): string[] {
  const named =
    text.match(/(?<=[`\s])(?:actions|packages|dist-check|docs|\.ci)\/[\w.{},/-]+\.\w+(?=[`\s:,)])/g) ?? [];
  return named.flatMap(expand).filter((path) => !/\/dist\/|\*/.test(path));
}

describe('a page', () => {
  it.each(pages.filter((page) => page.endsWith('.md')))('%s names files that are there', (page) => {
    const files = filesIn(readFileSync(join(root, page), 'utf8'));
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names files in braces, in code and in commands', () => {
    const text =
      'See `packages/a/{b,c}.itg.test.ts`:\nnode actions/x/bench/y.ts --on DIR and `actions/<name>/z.ts`, `docs/*.md`.';
    expect(filesIn(text)).toEqual([
      'packages/a/b.itg.test.ts',
      'packages/a/c.itg.test.ts',
      'actions/x/bench/y.ts',
    ]);
  });
});
