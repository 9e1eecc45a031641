import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../actions.ts';

const pages = [
  ...['README.md', 'SECURITY.md'],
  ...['docs', 'docs/workflows'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  ),
];

/** `a/{b,c}.ts` is two paths. */
function expand(path: string): string[] {
  const braces = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path);
  if (braces === null) return [path];
  const [, before = '', inside = '', after = ''] = braces;
  return inside.split(',').flatMap((part) => expand(`${before}${part}${after}`));
}

/** Returns the files of this repository that a page names; without patterns, build output and files of users below .github. */
function filesIn(text: string): string[] {
  const named =
    text.match(/(?<=[`\s])(?:actions|packages|dist-check|docs|\.ci)\/[\w.{},/-]+\.\w+(?=[`\s:,)])/g) ?? [];
  return named.flatMap(expand).filter((path) => !/\/dist\/|\*/.test(path));
}

describe('a page', () => {
  it.each(pages.filter((page) => page.endsWith('.md')))('%s names only files that exist', (page) => {
    const files = filesIn(readFileSync(join(root, page), 'utf8'));
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('may name files in braces, in code and in commands', () => {
    const text =
      'See `packages/a/{b,c}.itg.test.ts`:\nnode actions/x/bench/y.ts --on DIR and `actions/<name>/z.ts`, `docs/*.md`.';
    expect(filesIn(text)).toEqual([
      'packages/a/b.itg.test.ts',
      'packages/a/c.itg.test.ts',
      'actions/x/bench/y.ts',
    ]);
  });
});
