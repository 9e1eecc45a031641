// Builds the bundle of an action: `node dist-check/build.ts [ACTION_FOLDER] [--out DIR]`; default: the current folder and its dist.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { minifySync } from 'rolldown/utils';
import { licenceTexts, readLock } from './licences.ts';

const ncc = join(
  dirname(createRequire(import.meta.url).resolve('@vercel/ncc/package.json')),
  'dist/ncc/cli.js',
);

/**
 * Where an action's `package.json` names entries besides `src/index.ts`, such as a helper process, and phases besides main and
 * post, which are the main phases of actions in its sub-folders.
 */
interface ActionPackage {
  runnerActions?: { entries?: string[]; phases?: string[] };
}

/**
 * Builds `action` into `out`, which is replaced only when all went well: `index.js` with its chunks and licences, a folder
 * for each further entry, and the stubs `main.js` and `post.js`, which state the phase and share one bundle.
 */
export function build(action: string, out: string): void {
  const { runnerActions } = JSON.parse(readFileSync(join(action, 'package.json'), 'utf8')) as ActionPackage;
  mkdirSync(dirname(out), { recursive: true });
  const staging = mkdtempSync(join(dirname(out), '.dist-'));
  try {
    bundle(join(action, 'src/index.ts'), staging);
    for (const entry of runnerActions?.entries ?? [])
      bundle(join(action, 'src', `${entry}.ts`), join(staging, entry));
    writeFileSync(join(staging, 'licenses.txt'), licenceTexts(basename(action), readLock()));
    for (const phase of ['main', 'post', ...(runnerActions?.phases ?? [])]) {
      if (!existsSync(join(action, 'src', `${phase}.ts`))) continue;
      // Arguments that a person gave stay, after the phase.
      writeFileSync(
        join(staging, `${phase}.js`),
        `process.argv.splice(2, 0, '${phase}');\nawait import('./index.js');\n`,
      );
    }
    for (const path of readdirSync(staging, { recursive: true, encoding: 'utf8' }))
      if (path.endsWith('index.js')) compact(join(staging, path));
    chmodSync(staging, 0o755);
    rmSync(out, { recursive: true, force: true });
    renameSync(staging, out);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function bundle(entry: string, out: string): void {
  const options = ['--transpile-only', '--no-cache', '--quiet'];
  try {
    execFileSync(process.execPath, [ncc, 'build', entry, '--out', out, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: dirname(dirname(entry)),
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer };
    throw new Error(`ncc could not bundle ${entry}:\n${stdout}${stderr}`);
  }
}

/**
 * Takes comments and indentation out, which are two fifths of a bundle. Names stay, and so does each statement: a stack
 * in a user's log still says which function threw.
 */
function compact(path: string): void {
  const { code, errors } = minifySync(path, readFileSync(path, 'utf8'), { compress: false, mangle: false });
  if (errors.length > 0) throw new Error(`${path} could not be compacted: ${errors[0]?.message}`);
  writeFileSync(path, `${code}\n`);
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  const action = resolve(positionals[0] ?? '.');
  build(action, resolve(values.out ?? join(action, 'dist')));
}
