import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAction, root } from '../actions.ts';
import { build } from '../build.ts';
import { compareFolders } from '../compare-bundle.ts';
import { checkBundleCode } from '../supply-chain/bundle-code.ts';

/**
 * Copies the repository and the packages that the build needs to a directory of another depth. The packages are copied
 * and not linked, because the bundler uses the real paths of modules.
 */
function copyRepository(): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'copy-')), 'some', 'where', 'else');
  mkdirSync(copy, { recursive: true });
  const skippedFolders = /(^|\/)(node_modules|dist|\.turbo|test|demo|openapi)$/;
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
      filter: (from) => !skippedFolders.test(from.slice(root.length)),
    });
  }
  const skippedPackages =
    /node_modules\/(node-|@turbo|turbo|\.vite|vite|lightningcss|eslint|@typescript-eslint|prettier|@mermaid)/;
  const filter = (from: string) => !skippedPackages.test(from);
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

  it('writes the same bytes in another directory', async () => {
    await build(join(root, 'actions/select-runner'), join(copy, 'here'));
    run('build.ts', action);
    expect(compareFolders(join(action, 'dist'), join(copy, 'here'))).toEqual([]);
  });

  it('keeps the old bundle when the source does not compile', () => {
    const before = readFileSync(join(action, 'dist/index.js'), 'utf8');
    const source = readFileSync(join(action, 'src/index.ts'), 'utf8');
    appendFileSync(join(action, 'src/index.ts'), 'export const = 1;\n');
    expect(() => run('build.ts', action)).toThrow(/index.ts could not be bundled/);
    expect(readFileSync(join(action, 'dist/index.js'), 'utf8')).toBe(before);
    cpSync(join(root, 'actions/select-runner/src/index.ts'), join(action, 'src/index.ts'));
    expect(readFileSync(join(action, 'src/index.ts'), 'utf8')).toBe(source);
  });

  it('writes other bytes after a change of a text, and dist-check names the changed file', () => {
    const script = join(copy, 'dist-check/compare-bundle.ts');
    const check = `const { checkBundle } = await import('${script}'); console.log((await checkBundle({ folder: '${action}' })).join('\\n'));`;
    const problems = () =>
      execFileSync(process.execPath, ['--input-type=module', '--eval', check], { encoding: 'utf8' });
    expect(problems().trim()).toBe('');
    const main = join(action, 'src/main.ts');
    writeFileSync(main, readFileSync(main, 'utf8').replace('no decision was made yet', 'another text'));
    expect(problems()).toMatch(/chunks\/main.js differs from a fresh build/);
    expect(readAction(action).name).toBe('select-runner');
  });
});

/** Builds an action from sources. Returns its bundle, and functions that run `node dist/main.js` and add a file. */
async function buildSources(files: Record<string, string>) {
  const action = mkdtempSync(join(tmpdir(), 'sources-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(action, path)), { recursive: true });
    writeFileSync(join(action, path), text);
  };
  write('package.json', '{"type":"module"}');
  write('src/main.ts', 'export const phase = 1;\n');
  for (const [path, text] of Object.entries(files)) write(path, text);
  await build(action, join(action, 'dist'));
  const dist = join(action, 'dist');
  const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  return {
    dist,
    names,
    write,
    textOf: (name: string) => readFileSync(join(dist, name), 'utf8'),
    run: (...flags: string[]) =>
      execFileSync(process.execPath, [...flags, join(dist, 'main.js'), 'more'], { encoding: 'utf8' }),
  };
}

describe('a bundle', () => {
  const one = {
    LICENSE: 'MIT',
    'package.json': JSON.stringify({ name: 'one', version: '1.0.0', license: 'MIT', type: 'module' }),
    'index.js':
      "console.log('one is loaded');\nexport class One { name = 'one' }\nexport const unused = 'never';\n",
  };
  const withOne = Object.fromEntries(Object.entries(one).map(([n, text]) => [`node_modules/one/${n}`, text]));

  it('loads a package or a module of Node only when something in it is used', async () => {
    const built = await buildSources({
      ...withOne,
      'src/index.ts': "void import('./part.ts').then(({ act }) => act());\n",
      'src/part.ts': `
        import { createHash } from 'node:crypto';
        import { One } from 'one';
        const isLoaded = () => process.moduleLoadList.includes('NativeModule crypto');
        export function act() {
          console.log(isLoaded(), process.argv[2], process.argv[3]);
          console.log(new One().name, createHash('md5').update('').digest('hex').length);
          console.log(isLoaded());
        }`,
    });
    expect(built.run().split('\n')).toEqual(['false main more', 'one is loaded', 'one 32', 'true', '']);
    expect(built.names).toContain('chunks/one.js');
    expect(built.textOf('chunks/one.js')).not.toContain('never');
  });

  it('contains code that two lazy parts share only once, and keeps function names in stack traces', async () => {
    const part = (name: string) =>
      `import { deep } from './deep.ts';\nexport const ${name} = () => deep('${name}');\n`;
    const built = await buildSources({
      'src/deep.ts':
        'export function deep(given: string): string {\n  const withThisName = given + "deep text";\n  return `${withThisName} ${new Error().stack?.split("\\n")[1]}`;\n}\n',
      'src/a.ts': part('a'),
      'src/b.ts': part('b'),
      'src/index.ts':
        "void Promise.all([import('./a.ts'), import('./b.ts')]).then(([{ a }, { b }]) => console.log(a(), b()));\n",
    });
    const holders = built.names.filter(
      (name) => name.endsWith('.js') && built.textOf(name).includes('deep text'),
    );
    expect(holders).toEqual(['chunks/deep.js']);
    expect(built.textOf('chunks/deep.js')).not.toContain('withThisName');
    expect(built.run()).toMatch(/adeep text.* at deep .*bdeep text.* at deep /);
  });

  it('loads no optional package from a folder above it, where other jobs can place code', async () => {
    const built = await buildSources({
      'node_modules/one/package.json': JSON.stringify({ name: 'one', version: '1.0.0', license: 'MIT' }),
      'node_modules/one/LICENSE': 'MIT',
      'node_modules/one/index.js': `
        const load = (get) => { try { return get(); } catch (error) { return error.message; } };
        exports.answers = [
          load(() => require('supports-color')), typeof require('tty').isatty,
        ];
        exports.kerberos = () => import('kerberos').catch((error) => error.message);`,
      'src/index.ts':
        "import { answers, kerberos } from 'one';\nvoid kerberos().then((last: string) => console.log([...answers, last].join('\\n')));\n",
    });
    for (const name of ['supports-color', 'kerberos'])
      built.write(`node_modules/${name}/index.js`, "module.exports = 'code of another job';\n");
    expect(checkBundleCode('sources', built.dist)).toEqual([]);
    expect(built.run().split('\n')).toEqual([
      'supports-color is not part of this bundle',
      'function',
      'kerberos is not part of this bundle',
      '',
    ]);
  });

  it('cannot be built if a package has a licence that is not allowed', async () => {
    const other = {
      ...withOne,
      'node_modules/one/package.json': one['package.json'].replace('MIT', 'GPL-3.0'),
    };
    const source = "import { One } from 'one';\nconsole.log(new One());\n";
    await expect(buildSources({ ...other, 'src/index.ts': source })).rejects.toThrow(
      'one has the licence GPL-3.0',
    );
  });

  it('cannot be built if modules import each other in a cycle', async () => {
    const sources = {
      'src/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'src/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
      'src/index.ts': "import { a } from './a.ts';\nconsole.log(a());\n",
    };
    await expect(buildSources(sources)).rejects.toThrow(/a\.ts -> .*b\.ts -> .*a\.ts/);
  });
});
