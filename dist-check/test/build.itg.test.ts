import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAction, root } from '../actions.ts';
import { build } from '../build.ts';
import { compareFolders } from '../compare.ts';

/**
 * A copy of the repository and of what the build needs from the registry, in another directory of another depth. Copied,
 * not linked: the bundler names modules by where they really are.
 */
function copyRepository(): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'copy-')), 'some', 'where', 'else');
  mkdirSync(copy, { recursive: true });
  const own = /(^|\/)(node_modules|dist|\.turbo|test|demo|openapi)$/;
  for (const path of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'packages',
    'actions',
    'dist-check',
  ]) {
    cpSync(join(root, path), join(copy, path), {
      recursive: true,
      filter: (from) => !own.test(from.slice(root.length)),
    });
  }
  const idle =
    /node_modules\/(node-|@turbo|turbo|\.vite|vite|lightningcss|eslint|@typescript-eslint|prettier|@mermaid)/;
  const filter = (from: string) => !idle.test(from);
  cpSync(join(root, 'node_modules'), join(copy, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter,
  });
  return copy;
}

describe('build', () => {
  let copy = '';
  let action = '';
  beforeAll(() => {
    copy = copyRepository();
    action = join(copy, 'actions/select-runner');
  });
  const run = (script: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(copy, 'dist-check', script), ...args], {
      stdio: 'pipe',
      encoding: 'utf8',
    });

  it('gives the same bytes in another directory', () => {
    build(join(root, 'actions/select-runner'), join(copy, 'here'));
    run('build.ts', action);
    expect(compareFolders(join(action, 'dist'), join(copy, 'here'))).toEqual([]);
  });

  it('keeps the old bundle when the source does not compile', () => {
    const before = readFileSync(join(action, 'dist/index.js'), 'utf8');
    const source = readFileSync(join(action, 'src/index.ts'), 'utf8');
    appendFileSync(join(action, 'src/index.ts'), 'export const = 1;\n');
    expect(() => run('build.ts', action)).toThrow(/ncc could not bundle/);
    expect(readFileSync(join(action, 'dist/index.js'), 'utf8')).toBe(before);
    cpSync(join(root, 'actions/select-runner/src/index.ts'), join(action, 'src/index.ts'));
    expect(readFileSync(join(action, 'src/index.ts'), 'utf8')).toBe(source);
  });

  it('gives other bytes for one more line, and dist-check names the files', () => {
    const script = join(copy, 'dist-check/compare.ts');
    const check = `const { checkBundle } = await import('${script}'); console.log(checkBundle({ folder: '${action}' }).join('\\n'));`;
    const problems = () =>
      execFileSync(process.execPath, ['--input-type=module', '--eval', check], { encoding: 'utf8' });
    expect(problems().trim()).toBe('');
    appendFileSync(join(action, 'src/decide/place.ts'), "\nexport const added = 'one line';\n");
    expect(problems()).toMatch(/differs from a fresh build/);
    expect(readAction(action).name).toBe('select-runner');
  });
});
