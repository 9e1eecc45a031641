// Builds the bundle of an action: `node dist-check/build.ts [ACTION_FOLDER] [--out DIR]`.
// By default, ACTION_FOLDER is the current folder and DIR is its `dist`.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { licenceTexts, packagesOf } from './licences.ts';

/** The part of an action's `package.json` that the build reads. */
interface ActionPackage {
  runnerActions?: {
    /**
     * Entry points in addition to `src/index.ts`, such as a helper process: paths from `src`, without extension. In the
     * bundle, each has a folder with its name.
     */
    entries?: string[];
    /** Phases in addition to main and post: the main phases of actions in subfolders. */
    phases?: string[];
  };
}

/**
 * Builds the bundle of an action. It contains `index.js` with its chunks, the licence texts, a folder for each
 * additional entry, and the stubs `main.js` and `post.js`. The stubs set the phase and load `index.js`.
 *
 * @param action the action's folder
 * @param out the folder to write. It is replaced only if the whole build succeeds
 * @param complete adds files to the bundle
 * @throws Error if a module cannot be bundled, or if a package has a licence that is not allowed
 */
export async function build(
  action: string,
  out: string,
  complete: (staging: string) => void = () => undefined,
): Promise<void> {
  const { runnerActions } = JSON.parse(readFileSync(join(action, 'package.json'), 'utf8')) as ActionPackage;
  mkdirSync(dirname(out), { recursive: true });
  const staging = mkdtempSync(join(dirname(out), '.dist-'));
  try {
    const modules = await bundle(join(action, 'src/index.ts'), staging);
    for (const entry of runnerActions?.entries ?? [])
      modules.push(
        ...(await bundle(join(action, 'src', `${entry}.ts`), join(staging, basename(entry)), true)),
      );
    writeFileSync(join(staging, 'licenses.txt'), licenceTexts(packagesOf(modules)));
    for (const phase of ['main', 'post', ...(runnerActions?.phases ?? [])]) {
      if (!existsSync(join(action, 'src', `${phase}.ts`))) continue;
      // Arguments from the command line follow the phase.
      writeFileSync(
        join(staging, `${phase}.js`),
        `process.argv.splice(2, 0, '${phase}');\nrequire('./index.js');\n`,
      );
    }
    complete(staging);
    chmodSync(staging, 0o755);
    rmSync(out, { recursive: true, force: true });
    renameSync(staging, out);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  const action = resolve(positionals[0] ?? '.');
  await build(action, resolve(values.out ?? join(action, 'dist')));
}
