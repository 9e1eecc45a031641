import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { minifySync } from 'rolldown/utils';
import { root } from './actions.ts';
import { packagesOf } from './licences.ts';

/**
 * Where ncc works. The module ids of ncc depend on the relative paths between the modules and its own files, so these
 * paths must be the same on each machine.
 */
const workFolder = join(root, 'node_modules/.cache/bundles');

/**
 * Bundles an entry into the folder `out`, in three steps:
 * 1. rolldown removes unused code. Each lazy import, each shared part and each package becomes a separate file.
 * 2. ncc converts each file to the format that Node loads.
 * 3. Comments and indentation are removed, and variable names are shortened.
 *
 * @param singleFile whether to write everything into one file, for a small helper process
 * @returns the paths of the modules in the bundle
 * @throws Error with the entry and the reason
 */
export async function bundle(entry: string, out: string, singleFile = false): Promise<string[]> {
  mkdirSync(workFolder, { recursive: true });
  const shaken = mkdtempSync(join(workFolder, 'shaken-'));
  try {
    const files = await shake(entry, shaken, singleFile);
    const packages = files.filter(({ isPackage }) => isPackage).map(({ name }) => basename(name));
    for (const { name } of files) {
      const path = join(out, name);
      const packed = await pack(join(shaken, name), files);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, compact(name, loadLazily(packed, packages)));
    }
    // The sources are ES modules, the bundle is CommonJS: Node starts it faster.
    writeFileSync(join(out, 'package.json'), '{"type":"commonjs"}\n');
    return files.flatMap(({ modules }) => modules);
  } catch (error) {
    throw new Error(`${entry} could not be bundled: ${(error as Error).message}`);
  } finally {
    rmSync(shaken, { recursive: true, force: true });
  }
}

/** A file that rolldown wrote. */
interface Shaken {
  /** `index.js`, or `chunks/….js`. */
  name: string;
  modules: string[];
  /** Whether all its modules are from packages of the registry. */
  isPackage: boolean;
}

const require = createRequire(import.meta.url);
/** Modules of Node with and without their prefix, also `node:sqlite`, which exists with it only. */
const builtins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'node:sqlite'];
/**
 * ES module builds of packages whose build for Node is CommonJS: from `yaml`'s, unused code cannot be removed, and
 * `jsonc-parser`'s requires its own files in a way that no bundler sees.
 */
const moduleBuilds = {
  yaml: join(dirname(require.resolve('yaml/package.json')), 'browser/index.js'),
  'jsonc-parser': join(dirname(require.resolve('jsonc-parser/package.json')), 'lib/esm/main.js'),
};
/**
 * Packages that others load if they are installed: for proxies that request Kerberos, and for colours. Node would look
 * for them in all folders above the bundle, such as `_work/node_modules`, where any job can place code. So each is
 * replaced by a module that cannot be loaded. Nobody sees the advice of `proxy-agent-negotiate` to install `kerberos`:
 * only the option `negotiate` of `https-proxy-agent` leads there, which we do not set. A test sends such a challenge.
 */
const notBundled = /^(?:kerberos|supports-color)$/;
/**
 * `@actions/http-client` takes the class of a proxy from undici, for `fetch` alone. `@actions/tool-cache` downloads by
 * Node's `http`, through a proxy too, so that these 150 kB would never run.
 */
const undici =
  'export class ProxyAgent { constructor() { throw new Error("undici is not part of this bundle"); } }';
const undiciId = '\0without:undici';
const notBundledPrefix = '\0not-bundled:';

const withoutOptionalPackages: Plugin = {
  name: 'without-optional-packages',
  resolveId: { filter: { id: notBundled }, handler: (id) => notBundledPrefix + id },
  load(id) {
    if (!id.startsWith(notBundledPrefix)) return undefined;
    const message = `${id.slice(notBundledPrefix.length)} is not part of this bundle`;
    return { code: `module.exports = {};\nthrow new Error('${message}');\n`, moduleSideEffects: true };
  },
};

const groups = [
  { name: 'start', tags: ['$initial' as const], priority: 1 },
  { name: packageOf, debugName: 'packages', test: /node_modules/ },
];

const withoutUndici: Plugin = {
  name: 'without-undici',
  resolveId: { filter: { id: /^undici$/ }, handler: () => undiciId },
  load: (id) => (id === undiciId ? undici : undefined),
};

/** Removes unused code and splits the rest into files. */
async function shake(entry: string, out: string, singleFile: boolean): Promise<Shaken[]> {
  const bundler = await rolldown({
    input: { index: entry },
    platform: 'node',
    // Neither our modules nor those of the packages that we use have side effects on import.
    treeshake: { moduleSideEffects: false },
    plugins: [withoutOptionalPackages, withoutUndici, esmExternalRequirePlugin({ external: builtins })],
    resolve: { alias: moduleBuilds },
    checks: { circularDependency: true },
    onLog: (level, { code, ids = [], message }) => {
      const isInPackages = code === 'CIRCULAR_DEPENDENCY' && ids.every((id) => packagesOf([id]).length > 0);
      if (level === 'warn' && !isInPackages) throw new Error(message);
    },
  });
  const { output } = await bundler.write({
    dir: out,
    format: 'esm',
    chunkFileNames: 'chunks/[name].js',
    comments: false,
    codeSplitting: singleFile ? false : { groups },
  });
  await bundler.close();
  writeFileSync(join(out, 'package.json'), '{}');
  const chunks = output.filter((file) => file.type === 'chunk');
  return chunks.map(({ fileName, moduleIds }) => ({
    name: fileName,
    modules: moduleIds,
    isPackage: moduleIds.length > 0 && moduleIds.every((id) => packagesOf([id]).length > 0),
  }));
}

/** Returns the name of the package that owns a module. */
function packageOf(module: string): string {
  return basename(packagesOf([module])[0] ?? '');
}

interface Packed {
  code: string;
  assets: Record<string, unknown>;
}
// ncc calls the file system with an undefined path, for which Node prints a deprecation warning.
process.noDeprecation = true;
type Ncc = (entry: string, options: object) => Promise<Packed>;
const ncc = require('@vercel/ncc') as Ncc;

/**
 * Tells ncc to copy nothing from the folder in which it works itself. Where code joins paths that are known only when it
 * runs, as `@actions/exec` does, ncc takes its own folder for the first of them. `\u001a` stands for an unknown part.
 */
function leaveOwnFolder(path: string): false | undefined {
  return path.startsWith(workFolder) && path.includes('\u001a') ? false : undefined;
}

/**
 * Runs ncc on one file. References to the other files of the bundle stay as they are.
 *
 * @throws Error if the file needs an asset, because assets are not bundled
 */
async function pack(path: string, files: readonly Shaken[]): Promise<string> {
  const folder = dirname(path);
  const references = files.flatMap(({ name }) => [`./${name}`, `./${basename(name)}`, `../${name}`]);
  const externals = Object.fromEntries(references.map((name) => [name, name]));
  const previousFolder = process.cwd();
  try {
    // ncc computes relative paths from the current folder.
    process.chdir(folder);
    const { code, assets } = await ncc(path, {
      externals,
      cache: false,
      quiet: true,
      customEmit: leaveOwnFolder,
    });
    const [asset] = Object.keys(assets);
    if (asset !== undefined)
      throw new Error(`${basename(path)} needs the file ${asset} next to it, which cannot be bundled`);
    return code;
  } finally {
    process.chdir(previousFolder);
  }
}

/** Modules of Node that are not yet loaded when a script starts, and that take milliseconds to load. */
const slowToLoad =
  /^(?:node:)?(?:child_process|crypto|fs\/promises|https?|net|stream(?:\/promises)?|timers\/promises|tls|util|worker_threads|zlib)$/;

/**
 * Delays loading packages and slow modules of Node until something in them is used. Our own code is loaded at once,
 * because each use through a proxy has a cost.
 */
function loadLazily(code: string, packages: readonly string[]): string {
  return code.replaceAll(/= (require\("([^"]+)"\));/g, (whole, load: string, name: string) => {
    const isPackage = name.startsWith('.') && packages.includes(basename(name));
    if (!isPackage && !slowToLoad.test(name)) return whole;
    const get = `(_, name) => (name === '__esModule' ? ${isPackage} : (loaded ??= load())[name])`;
    const proxy = `new Proxy({}, { get: ${get}, ownKeys: () => Reflect.ownKeys((loaded ??= load())) })`;
    return `= ((load, loaded) => ${proxy})(() => ${load});`;
  });
}

/**
 * Removes comments and indentation, and shortens the names of variables. Functions and classes keep their names, and
 * statements stay as they are, so that a stack trace in a user's log names the function that threw.
 */
function compact(name: string, packed: string): string {
  const { code, errors } = minifySync(name, packed, {
    compress: false,
    mangle: { toplevel: false, keepNames: { function: true, class: true } },
  });
  if (errors.length > 0) throw new Error(`${name} could not be compacted: ${errors[0]?.message}`);
  return `${code}\n`;
}
