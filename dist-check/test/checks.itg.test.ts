import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAction } from '../actions.ts';
import { checkBoot } from '../boot.ts';
import { compareFolders } from '../compare.ts';
import { licenceTexts, packagesOf } from '../licences.ts';
import { checkMetadata } from '../metadata.ts';
import { withTables } from '../readme.ts';
import { checkSizes, measure } from '../sizes.ts';

const right = {
  yml: `name: n
description: d
branding: { icon: box, color: blue }
inputs: { key: { description: k } }
outputs: { hit: { description: h } }
runs: { using: node24, main: dist/main.js }
`,
  source: "const key = step.inputs.required('key');\nstep.outputs.set('hit', key);\n",
  main: "console.log('::error::no key'); process.exitCode = 1;\n",
};

/** An action in a folder of its own, right but for what is changed. */
function make(change: Partial<typeof right> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  const { yml, source, main } = { ...right, ...change };
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'action.yml'), yml);
  writeFileSync(join(folder, 'src/main.ts'), source);
  writeFileSync(join(folder, 'dist/main.js'), main);
  writeFileSync(join(folder, 'dist/package.json'), '{"type":"commonjs"}');
  return readAction(folder);
}

describe('metadata', () => {
  it('accepts an action whose metadata and code agree', () => expect(checkMetadata(make())).toEqual([]));

  it('knows that a report names its own output', () => {
    const yml = right.yml.replace('{ hit:', '{ report: { description: r }, hit:');
    expect(checkMetadata(make({ yml }))).toEqual(["output 'report' is declared but never set"]);
    expect(checkMetadata(make({ yml, source: `${right.source}await step.report('x', {});` }))).toEqual([]);
  });

  it.each([
    [{ source: right.source + "step.inputs.boolean('extra');" }, "input 'extra' is read but not declared"],
    [{ source: "step.outputs.set('hit', 1)" }, "input 'key' is declared but never read"],
    [{ source: right.source + "step.outputs.set('more', 1)" }, "output 'more' is set but not declared"],
    [{ source: "inputs.text('key')" }, "output 'hit' is declared but never set"],
    [{ yml: right.yml.replace('description: k', 'description: ""') }, "input 'key' has no description"],
    [{ yml: right.yml.replace('node24', 'node20') }, "'using' is node20, not node24"],
    [
      { yml: right.yml.replace('}\n', ' }\n').replace('dist/main.js', 'dist/index.js') },
      "'main' is dist/index.js, not dist/main.js",
    ],
    [{ yml: right.yml.replace('main.js }', 'main.js, pre: x.js }') }, "no action has 'pre'"],
    [{ yml: right.yml.replace('icon: box, ', '') }, 'branding is incomplete'],
    [
      { yml: right.yml.replace('description: d', 'description: pass ${{ vars.X }}') },
      'GitHub takes no expression here: description: pass ${{ vars.X }}',
    ],
    [
      {
        yml: right.yml.replace(
          '{ key: { description: k } }',
          '\n  key:\n    description: k\n    default: ${{ vars.X }}',
        ),
      },
      'GitHub takes no expression here: default: ${{ vars.X }}',
    ],
  ])('finds %o', (change, problem) => expect(checkMetadata(make(change))).toEqual([problem]));
});

describe('bundle', () => {
  it('finds a stale byte, a missing chunk and an extra file', () => {
    const { folder } = make();
    const expected = mkdtempSync(join(tmpdir(), 'expected-'));
    cpSync(join(folder, 'dist'), expected, { recursive: true });
    expect(compareFolders(join(folder, 'dist'), expected)).toEqual([]);
    writeFileSync(join(expected, 'main.js'), right.main.replace('key', 'kei'));
    writeFileSync(join(expected, '7.index.js'), '');
    writeFileSync(join(folder, 'dist/index.js.map'), '');
    expect(compareFolders(join(folder, 'dist'), expected)).toEqual([
      '7.index.js is missing',
      'index.js.map should not be there: delete it',
      'main.js differs from a fresh build at byte 27: run `npm run build`',
    ]);
    rmSync(expected, { recursive: true });
  });
});

describe('boot', () => {
  it('accepts one that ends with an error of its own, and says what it loads', () => {
    const late = "if (process.argv[2] === 'x') require('./late.js');\n";
    const action = make({ main: `require('./early.js');\n${late}${right.main}` });
    for (const name of ['early', 'late']) writeFileSync(join(action.folder, `dist/${name}.js`), '1;\n');
    const { problems, loaded } = checkBoot(action);
    expect(problems).toEqual([]);
    const sizeOf = (name: string) => gzipSync(readFileSync(join(action.folder, 'dist', name))).length;
    expect(loaded).toEqual({ main: sizeOf('main.js') + sizeOf('early.js') });
  });

  it.each([
    ['needs node_modules', "require('@actions/core');"],
    ['crashes', 'process.exitCode = 7;'],
    ['is no JavaScript', 'const = 1;'],
  ])('finds a bundle that %s', (_what, main) => expect(checkBoot(make({ main })).problems).not.toEqual([]));
});

describe('licences', () => {
  const packageIn = (folder: string, name: string, license?: string) => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
    return path;
  };

  it.each([['GPL-3.0'], [undefined]])('refuses %s', (license) => {
    const folder = packageIn(mkdtempSync(join(tmpdir(), 'licence-')), 'one', license);
    expect(() => licenceTexts([folder])).toThrow(`one has the licence ${license ?? '(none)'}`);
  });

  it('names the packages that own modules, each once, wherever they are nested', () => {
    const root = mkdtempSync(join(tmpdir(), 'licence-'));
    const outer = packageIn(root, '@a/outer', 'MIT');
    const inner = packageIn(outer, 'inner', 'ISC');
    writeFileSync(join(outer, 'LICENSE'), 'Permission is hereby granted\r\n');
    const modules = [join(inner, 'x.js'), join(outer, 'lib/y.js'), join(outer, 'z.js'), join(root, 'own.ts')];
    expect(packagesOf(modules)).toEqual([outer, inner]);
    expect(licenceTexts(packagesOf(modules))).toBe(
      '@a/outer 1.2.3\nPermission is hereby granted\n\ninner 1.2.3\nLicensed under ISC.\n',
    );
  });
});

describe('sizes', () => {
  const limits = { bundle: 10, bundles: { b: 20 }, total: 1000, loaded: 8, loadedBefore: { a: { main: 5 } } };

  it('measures a bundle', () => expect(measure(make())).toBeGreaterThan(50));

  it('accepts what is within its budget', () =>
    expect(checkSizes({ a: { bundle: 10, loaded: { main: 5 } } }, limits)).toEqual([]));

  it('finds a bundle and a total over budget', () => {
    const sizes = { a: { bundle: 11, loaded: {} }, b: { bundle: 11, loaded: {} } };
    expect(checkSizes(sizes, { ...limits, total: 20 })).toEqual([
      'a is 11 bytes gzipped, over its budget of 10',
      'all bundles are 22 bytes gzipped, over the budget of 20',
    ]);
  });

  it.each([
    ['grew by more than a tenth', { main: 6 }, 'loadedBefore of dist-check/budget.json'],
    ['is over the budget', { main: 9 }, 'over the budget of 8'],
    ['was never noted', { post: 1 }, 'note that in loadedBefore'],
  ])('finds what a phase loads that %s', (_what, loaded, problem) => {
    const problems = checkSizes({ a: { bundle: 1, loaded } }, limits);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('README tables', () => {
  const readme = '# T\n<!-- inputs --><!-- /inputs -->\nmiddle\n<!-- outputs -->old<!-- /outputs -->\nend\n';

  it('are made from the metadata, and stay as they are when made again', () => {
    const once = withTables(readme, make());
    expect(once).toContain('| `key` | k | – |');
    expect(once).not.toContain('old');
    expect(once).toMatch(/middle[^]*end\n$/);
    expect(withTables(once, make())).toBe(once);
  });

  it('need their markers and every description', () => {
    expect(() => withTables('# T', make())).toThrow('markers');
    expect(() => withTables(readme, make({ yml: right.yml.replace('description: h', '') }))).toThrow(
      "'hit' has no description",
    );
  });
});
