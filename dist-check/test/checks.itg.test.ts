import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAction } from '../actions.ts';
import { checkStartup } from '../startup.ts';
import { compareFolders } from '../compare-bundle.ts';
import { licenceTexts, packagesOf } from '../licences.ts';
import { checkMetadata } from '../metadata.ts';
import { withTables } from '../readme.ts';
import { checkSizes, measure } from '../sizes.ts';

const valid = {
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

/** Creates an action in a temporary folder. It is valid except for the given changes. */
function makeAction(change: Partial<typeof valid> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-'));
  const { yml, source, main } = { ...valid, ...change };
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'action.yml'), yml);
  writeFileSync(join(folder, 'src/main.ts'), source);
  writeFileSync(join(folder, 'dist/main.js'), main);
  writeFileSync(join(folder, 'dist/package.json'), '{"type":"commonjs"}');
  return readAction(folder);
}

describe('checkMetadata', () => {
  it('accepts an action whose metadata and code agree', () =>
    expect(checkMetadata(makeAction())).toEqual([]));

  it('accepts a declared output report if the code writes a report', () => {
    const yml = valid.yml.replace('{ hit:', '{ report: { description: r }, hit:');
    expect(checkMetadata(makeAction({ yml }))).toEqual(["output 'report' is declared but never set"]);
    expect(checkMetadata(makeAction({ yml, source: `${valid.source}await step.report('x', {});` }))).toEqual(
      [],
    );
  });

  it.each([
    [{ source: valid.source + "step.inputs.boolean('extra');" }, "input 'extra' is read but not declared"],
    [{ source: "step.outputs.set('hit', 1)" }, "input 'key' is declared but never read"],
    [{ source: valid.source + "step.outputs.set('more', 1)" }, "output 'more' is set but not declared"],
    [{ source: "inputs.text('key')" }, "output 'hit' is declared but never set"],
    [{ yml: valid.yml.replace('description: k', 'description: ""') }, "input 'key' has no description"],
    [{ yml: valid.yml.replace('node24', 'node20') }, "'using' is node20, not node24"],
    [
      { yml: valid.yml.replace('}\n', ' }\n').replace('dist/main.js', 'dist/index.js') },
      "'main' is dist/index.js, not dist/main.js",
    ],
    [{ yml: valid.yml.replace('main.js }', 'main.js, pre: x.js }') }, "'pre' is not supported"],
    [{ yml: valid.yml.replace('icon: box, ', '') }, 'branding is incomplete'],
    [
      { yml: valid.yml.replace('description: d', 'description: pass ${{ vars.X }}') },
      'GitHub does not accept this expression in action.yml: description: pass ${{ vars.X }}',
    ],
    [
      {
        yml: valid.yml.replace(
          '{ key: { description: k } }',
          '\n  key:\n    description: k\n    default: ${{ vars.X }}',
        ),
      },
      'GitHub does not accept this expression in action.yml: default: ${{ vars.X }}',
    ],
  ])('reports a problem with %o', (change, problem) =>
    expect(checkMetadata(makeAction(change))).toEqual([problem]),
  );
});

describe('compareFolders', () => {
  it('reports a changed byte, a missing chunk and an extra file', () => {
    const { folder } = makeAction();
    const expected = mkdtempSync(join(tmpdir(), 'expected-'));
    cpSync(join(folder, 'dist'), expected, { recursive: true });
    expect(compareFolders(join(folder, 'dist'), expected)).toEqual([]);
    writeFileSync(join(expected, 'main.js'), valid.main.replace('key', 'kei'));
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

describe('checkStartup', () => {
  it('accepts a bundle that ends with its own error message, and returns the size that it loads', () => {
    const lazyPart = "if (process.argv[2] === 'x') require('./late.js');\n";
    const action = makeAction({ main: `require('./early.js');\n${lazyPart}${valid.main}` });
    for (const name of ['early', 'late']) writeFileSync(join(action.folder, `dist/${name}.js`), '1;\n');
    const { problems, loaded } = checkStartup(action);
    expect(problems).toEqual([]);
    const sizeOf = (name: string) => gzipSync(readFileSync(join(action.folder, 'dist', name))).length;
    expect(loaded).toEqual({ main: sizeOf('main.js') + sizeOf('early.js') });
  });

  it.each([
    ['needs node_modules', "require('@actions/core');"],
    ['crashes', 'process.exitCode = 7;'],
    ['is not valid JavaScript', 'const = 1;'],
  ])('reports a bundle that %s', (_what, main) =>
    expect(checkStartup(makeAction({ main })).problems).not.toEqual([]),
  );
});

describe('licences', () => {
  const packageIn = (folder: string, name: string, license?: string, more: object = {}) => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '1.2.3', license, ...more }));
    return path;
  };

  it.each([['GPL-3.0'], [undefined]])('rejects a package with the licence %s', (license) => {
    const folder = packageIn(mkdtempSync(join(tmpdir(), 'licence-')), 'one', license);
    expect(() => licenceTexts([folder])).toThrow(`one has the licence ${license ?? '(none)'}`);
  });

  it('lists the packages that contain the modules, each once, including nested packages', () => {
    const root = mkdtempSync(join(tmpdir(), 'licence-'));
    const outer = packageIn(root, '@a/outer', 'MIT');
    const inner = packageIn(outer, 'inner', 'ISC');
    writeFileSync(join(outer, 'LICENSE'), 'Permission is hereby granted\r\n');
    writeFileSync(join(inner, 'licence.md'), 'Of inner');
    const modules = [join(inner, 'x.js'), join(outer, 'lib/y.js'), join(outer, 'z.js'), join(root, 'own.ts')];
    expect(packagesOf(modules)).toEqual([outer, inner]);
    expect(licenceTexts(packagesOf(modules))).toBe(
      '@a/outer 1.2.3\nPermission is hereby granted\n\ninner 1.2.3\nOf inner\n',
    );
  });

  it('takes a missing text from a package of the same repository and licence, and rejects one without', () => {
    const root = mkdtempSync(join(tmpdir(), 'licence-'));
    const of = (name: string, license: string, url: string) =>
      packageIn(root, name, license, { repository: { url } });
    const complete = of('complete', 'MIT', 'https://example.com/a');
    writeFileSync(join(complete, 'LICENSE'), 'Text of a');
    expect(licenceTexts([of('same', 'MIT', 'https://example.com/a'), complete])).toBe(
      'same 1.2.3\nText of a\n\ncomplete 1.2.3\nText of a\n',
    );
    const rejected = [
      of('other', 'MIT', 'https://example.com/b'),
      of('isc', 'ISC', 'https://example.com/a'),
      packageIn(root, 'unknown', 'MIT'),
    ];
    for (const folder of rejected) expect(() => licenceTexts([complete, folder])).toThrow('no licence file');
  });
});

describe('checkSizes', () => {
  const limits = { bundle: 10, bundles: { b: 20 }, total: 1000, loaded: 8, baseline: { a: { main: 5 } } };

  it('measures a bundle', () => expect(measure(makeAction())).toBeGreaterThan(50));

  it('accepts sizes within the budget', () =>
    expect(checkSizes({ a: { bundle: 10, loaded: { main: 5 } } }, limits)).toEqual([]));

  it('reports a bundle and a total over the budget', () => {
    const sizes = { a: { bundle: 11, loaded: {} }, b: { bundle: 11, loaded: {} } };
    expect(checkSizes(sizes, { ...limits, total: 20 })).toEqual([
      'a is 11 bytes gzipped, over its budget of 10',
      'all bundles are 22 bytes gzipped, over the budget of 20',
    ]);
  });

  it.each([
    ['is more than a tenth above the recorded size', { main: 6 }, 'or record the new size'],
    ['is over the budget', { main: 9 }, 'over the budget of 8'],
    ['has no recorded size', { post: 1 }, 'record this size'],
  ])('reports a phase whose loaded size %s', (_what, loaded, problem) => {
    const problems = checkSizes({ a: { bundle: 1, loaded } }, limits);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

describe('README tables', () => {
  const readme = '# T\n<!-- inputs --><!-- /inputs -->\nmiddle\n<!-- outputs -->old<!-- /outputs -->\nend\n';

  it('are generated from the metadata, and do not change when generated again', () => {
    const once = withTables(readme, makeAction());
    expect(once).toContain('| `key` | k | – |');
    expect(once).not.toContain('old');
    expect(once).toMatch(/middle[^]*end\n$/);
    expect(withTables(once, makeAction())).toBe(once);
  });

  it('cannot be generated without the markers or with a missing description', () => {
    expect(() => withTables('# T', makeAction())).toThrow('markers');
    expect(() => withTables(readme, makeAction({ yml: valid.yml.replace('description: h', '') }))).toThrow(
      "'hit' has no description",
    );
  });
});
