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

/** Expands braces: `a/{b,c}.ts` becomes two paths. */
function expand(path: string): string[] {
  const braces = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path);
  if (braces === null) return [path];
  const [, before = '', inside = '', after = ''] = braces;
  return inside.split(',').flatMap((part) => expand(`${before}${part}${after}`));
}

/** Returns the paths in this repository that a page names, except patterns, build output and paths in .github. */
function filesIn(text: string): string[] {
  const named =
    text.match(/(?<=[`\s])(?:actions|packages|dist-check|docs|\.ci)\/[\w.{},/-]+\.\w+(?=[`\s:,)])/g) ?? [];
  return named.flatMap(expand).filter((path) => !/\/dist\/|\*/.test(path));
}

describe('the file names in a page', () => {
  it.each(pages.filter((page) => page.endsWith('.md')))('exist: %s', (page) => {
    const files = filesIn(readFileSync(join(root, page), 'utf8'));
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('are found in braces, in code and in commands', () => {
    const text =
      'See `packages/a/{b,c}.itg.test.ts`:\nnode actions/x/bench/y.ts --on DIR and `actions/<name>/z.ts`, `docs/*.md`.';
    expect(filesIn(text)).toEqual([
      'packages/a/b.itg.test.ts',
      'packages/a/c.itg.test.ts',
      'actions/x/bench/y.ts',
    ]);
  });
});
