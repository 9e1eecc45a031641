import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { minifySync } from 'rolldown/utils';
import { root } from './actions.ts';
import { packagesOf } from './licences.ts';

/** ncc numbers modules by the ways between them and its own files, which must be the same on each machine. */
const workshop = join(root, 'node_modules/.cache/bundles');

/**
 * Bundles an entry into the folder `out`, in three steps. rolldown leaves out what nothing reaches, and makes a file of what is
 * imported lazily, of what several files share, and of each package. ncc makes of each file what Node loads. Then it is made small.
 * @param whole all in one file, for a small helper
 * @returns the modules in the bundle, as paths
 * @throws Error that says what could not be bundled
 */
export async function bundle(entry: string, out: string, whole = false): Promise<string[]> {
  mkdirSync(workshop, { recursive: true });
  const shaken = mkdtempSync(join(workshop, 'shaken-'));
  try {
    const files = await shake(entry, shaken, whole);
    const packages = files.filter(({ isPackage }) => isPackage).map(({ name }) => basename(name));
    for (const { name } of files) {
      const path = join(out, name);
      const packed = await pack(join(shaken, name), files);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, compact(name, loadLate(packed, packages)));
    }
    // The sources are modules; what Node loads is not, since it starts faster so.
    writeFileSync(join(out, 'package.json'), '{"type":"commonjs"}\n');
    return files.flatMap(({ modules }) => modules);
  } catch (error) {
    throw new Error(`${entry} could not be bundled: ${(error as Error).message}`);
  } finally {
    rmSync(shaken, { recursive: true, force: true });
  }
}

interface Shaken {
  /** `index.js`, or `chunks/….js`. */
  name: string;
  modules: string[];
  /** Nothing in it is ours. */
  isPackage: boolean;
}

const require = createRequire(import.meta.url);
/** The same code as modules. What the package has for Node is CommonJS, of which nothing can be left out. */
const yaml = join(dirname(require.resolve('yaml/package.json')), 'browser/index.js');
/** Loaded by a package only where a proxy asks for Kerberos, and not part of the bundle. */
const notBundled = 'kerberos';

const groups = [
  { name: 'start', tags: ['$initial' as const], priority: 1 },
  { name: packageOf, debugName: 'packages', test: /node_modules/ },
];

async function shake(entry: string, out: string, whole: boolean): Promise<Shaken[]> {
  const bundler = await rolldown({
    input: { index: entry },
    platform: 'node',
    // No module of ours, and none of a package that we use, does anything when it is merely imported.
    treeshake: { moduleSideEffects: false },
    external: [notBundled],
    resolve: { alias: { yaml } },
    checks: { circularDependency: true },
    onLog: (level, { code, ids = [], message }) => {
      const isTheirs = code === 'CIRCULAR_DEPENDENCY' && ids.every((id) => packagesOf([id]).length > 0);
      if (level === 'warn' && !isTheirs) throw new Error(message);
    },
  });
  const { output } = await bundler.write({
    dir: out,
    format: 'esm',
    chunkFileNames: 'chunks/[name].js',
    comments: false,
    codeSplitting: whole ? false : { groups },
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

function packageOf(module: string): string {
  return basename(packagesOf([module])[0] ?? '');
}

interface Packed {
  code: string;
  assets: Record<string, unknown>;
}
// ncc asks the file system about a path that it was not given.
process.noDeprecation = true;
type Ncc = (entry: string, options: object) => Promise<Packed>;
const ncc = require('@vercel/ncc') as Ncc;

/** The other files of the bundle stay files. */
async function pack(path: string, files: readonly Shaken[]): Promise<string> {
  const folder = dirname(path);
  const ways = files.flatMap(({ name }) => [`./${name}`, `./${basename(name)}`, `../${name}`]);
  const externals = Object.fromEntries([...ways, notBundled].map((way) => [way, way]));
  const here = process.cwd();
  try {
    // From here it counts the ways.
    process.chdir(folder);
    const { code, assets } = await ncc(path, { externals, cache: false, quiet: true });
    const [asset] = Object.keys(assets);
    if (asset !== undefined) throw new Error(`${basename(path)} needs ${asset} beside it`);
    return code;
  } finally {
    process.chdir(here);
  }
}

/** What Node has not loaded by itself when it starts, and takes milliseconds for. */
const costly =
  /^(?:node:)?(?:child_process|crypto|fs\/promises|https?|net|stream(?:\/promises)?|timers\/promises|tls|util|worker_threads|zlib)$/;

/** Loads these modules of Node, and the packages, when something in them is used; code of ours may be used often, and is loaded at once. */
function loadLate(code: string, packages: readonly string[]): string {
  return code.replaceAll(/= (require\("([^"]+)"\));/g, (whole, load: string, name: string) => {
    const isPackage = name.startsWith('.') && packages.includes(basename(name));
    if (!isPackage && !costly.test(name)) return whole;
    const get = `(_, name) => (name === '__esModule' ? ${isPackage} : (loaded ??= load())[name])`;
    const proxy = `new Proxy({}, { get: ${get}, ownKeys: () => Reflect.ownKeys((loaded ??= load())) })`;
    return `= ((load, loaded) => ${proxy})(() => ${load});`;
  });
}

/**
 * Takes out comments and indentation, and shortens the names of variables. Functions and classes keep theirs, and so does each
 * statement: a stack in a user's log still says which function threw.
 */
function compact(name: string, packed: string): string {
  const { code, errors } = minifySync(name, packed, {
    compress: false,
    mangle: { toplevel: false, keepNames: { function: true, class: true } },
  });
  if (errors.length > 0) throw new Error(`${name} could not be compacted: ${errors[0]?.message}`);
  return `${code}\n`;
}
