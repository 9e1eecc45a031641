import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAction } from '../actions.ts';
import { checkBoot } from '../boot.ts';
import { compareFolders } from '../compare.ts';
import { checkLicences, licenceTexts, readLock } from '../licences.ts';
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
  writeFileSync(join(folder, 'dist/package.json'), '{"type":"module"}');
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
      'index.js.map should not be there',
      'main.js differs from a fresh build at byte 27: run `npm run build`',
    ]);
    rmSync(expected, { recursive: true });
  });
});

describe('boot', () => {
  it('accepts one that ends with an error of its own', () => expect(checkBoot(make())).toEqual([]));

  it.each([
    ['needs node_modules', "import '@actions/core';"],
    ['crashes', 'process.exitCode = 7;'],
    ['is no JavaScript', 'const = 1;'],
  ])('finds a bundle that %s', (_what, main) => expect(checkBoot(make({ main })).length).toBeGreaterThan(0));
});

describe('licences', () => {
  const lock = (license?: string) => ({
    packages: {
      'actions/a': { dependencies: { one: '1' } },
      'node_modules/one': { license: 'MIT', dependencies: { two: '1' } },
      'node_modules/two': license === undefined ? {} : { license },
    },
  });

  it.each([['GPL-3.0'], [undefined]])('finds %s, in a dependency of a dependency', (license) => {
    const [problem] = checkLicences({ ...make(), name: 'a' }, lock(license));
    expect(problem).toContain('node_modules/two has the licence');
  });

  it('names all that an action bundles, through the workspace', () => {
    expect(checkLicences({ ...make(), name: 'a' }, lock('ISC'))).toEqual([]);
    const text = licenceTexts('select-runner', readLock());
    expect(text).toMatch(/^@actions\/core \d/m);
    expect(text).toMatch(/^@octokit\/core \d/m);
    expect(text).toContain('Permission is hereby granted');
  });
});

describe('sizes', () => {
  it('finds a bundle and a total over budget', () => {
    const size = measure(make());
    expect(size).toBeGreaterThan(50);
    expect(checkSizes({ a: size }, { bundle: size, bundles: {}, total: size })).toEqual([]);
    expect(checkSizes({ a: 11, b: 11 }, { bundle: 10, bundles: { b: 20 }, total: 20 })).toEqual([
      'a is 11 bytes gzipped, over its budget of 10',
      'all bundles are 22 bytes gzipped, over the budget of 20',
    ]);
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
