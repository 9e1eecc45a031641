// Builds the tree of the command `runner-actions`: `node dist-check/build-cli.ts [PACKAGE_FOLDER] [--out DIR]`.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './actions.ts';
import { build } from './build.ts';

/** The hooks for the start and the end of a job. */
const hooks = ['job-started', 'job-completed'] as const;

/**
 * Builds the tree: a bundle as those of actions, the scripts that start it, and the metadata of a Node package without
 * dependencies.
 * @param source the folder of the package
 * @param out the folder to write
 */
export async function buildCli(source: string, out: string): Promise<void> {
  await build(source, out, (staging) => {
    const { version, license } = readManifest(source);
    const { engines } = readManifest(root);
    const manifest = {
      name: 'runner-actions',
      version,
      license,
      ...{ private: true, type: 'commonjs', bin: { 'runner-actions': 'cli.js' }, engines },
    };
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    writeFileSync(join(staging, 'cli.js'), cliScript);
    chmodSync(join(staging, 'cli.js'), 0o755);
    mkdirSync(join(staging, 'hooks'));
    for (const name of hooks) writeFileSync(join(staging, 'hooks', `${name}.js`), hookScript(name));
  });
}

const readManifest = (folder: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;

/** Starts the bundle. npm calls it through a link, but the bundle looks for its other scripts beside its own path. */
const cliScript = `#!/usr/bin/env node
process.argv.splice(1, 1, __dirname + '/index.js', 'cli');
require('./index.js');
`;

/** Starts the bundle. A hook that was copied alone must not fail the job. */
function hookScript(name: (typeof hooks)[number]): string {
  return `try {
  process.argv.splice(1, Infinity, require('node:path').join(__dirname, '../index.js'), '${name}');
  require('../index.js');
} catch (error) {
  const advice = 'Copy the whole folder of the release, and name its hooks/${name}.js.';
  console.log('::warning::The hook of Runner Actions did nothing: ' + String(error.message).split('\\n')[0] + '. ' + advice);
}
`;
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
  const source = resolve(positionals[0] ?? '.');
  await buildCli(source, resolve(values.out ?? join(source, 'dist')));
}
