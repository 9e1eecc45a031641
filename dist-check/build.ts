// Builds the bundle of an action: `node dist-check/build.ts [ACTION_FOLDER] [--out DIR]`; default: the current folder and its dist.
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
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { licenceTexts, packagesOf } from './licences.ts';

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
 * @throws Error for what cannot be bundled, or has a licence that we may not pass on
 */
export async function build(action: string, out: string): Promise<void> {
  const { runnerActions } = JSON.parse(readFileSync(join(action, 'package.json'), 'utf8')) as ActionPackage;
  mkdirSync(dirname(out), { recursive: true });
  const staging = mkdtempSync(join(dirname(out), '.dist-'));
  try {
    const modules = await bundle(join(action, 'src/index.ts'), staging);
    for (const entry of runnerActions?.entries ?? [])
      modules.push(...(await bundle(join(action, 'src', `${entry}.ts`), join(staging, entry), true)));
    writeFileSync(join(staging, 'licenses.txt'), licenceTexts(packagesOf(modules)));
    for (const phase of ['main', 'post', ...(runnerActions?.phases ?? [])]) {
      if (!existsSync(join(action, 'src', `${phase}.ts`))) continue;
      // Arguments that a person gave stay, after the phase.
      writeFileSync(
        join(staging, `${phase}.js`),
        `process.argv.splice(2, 0, '${phase}');\nrequire('./index.js');\n`,
      );
    }
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
