import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from './sizes.ts';
import { checkBundleCode } from './supply-chain/bundle-code.ts';

/** What `dist-check` finds out about the command. */
export interface CliCheck {
  problems: string[];
  /** Gzipped bytes of the tree. */
  size: number;
}

/**
 * Checks the built tree of the command `runner-actions` by the rules of bundles: what its code may load, its size, and
 * that it starts in a folder from which Node finds no `node_modules`.
 * @param folder the folder of the package
 * @param limit gzipped bytes of the tree
 */
export function checkCli(folder: string, limit: number): CliCheck {
  if (!existsSync(join(folder, 'dist/cli.js')))
    return { problems: ['it is not built. Run `npm run build` first.'], size: 0 };
  const size = measure({ folder });
  const tooLarge = size > limit ? [`it is ${size} bytes gzipped, over its budget of ${limit}`] : [];
  return {
    problems: [
      ...checkBundleCode('cli', join(folder, 'dist')),
      ...checkStart(join(folder, 'dist')),
      ...tooLarge,
    ],
    size,
  };
}

/** Starts the command and its hooks, each alone. The hooks do nothing on a hosted runner. */
function checkStart(dist: string): string[] {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'dist-cli-')));
  try {
    cpSync(dist, copy, { recursive: true });
    const scripts = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    );
    const start = (...args: string[]) =>
      spawnSync(process.execPath, args, {
        ...{ cwd: copy, encoding: 'utf8', timeout: 30_000 },
        env: { PATH: process.env['PATH'], RUNNER_ENVIRONMENT: 'github-hosted' },
      });
    return [
      ...scripts
        .filter((path) => start('--check', join(copy, path)).status !== 0)
        .map((path) => `${path} is not valid JavaScript`),
      ...[['cli.js', '--help'], ['hooks/job-started.js'], ['hooks/job-completed.js']].flatMap(
        ([path = '', ...args]) => {
          const { status, stdout, stderr } = start(join(copy, path), ...args);
          const isWell = status === 0 && stderr === '' && !stdout.includes('::warning');
          return isWell ? [] : [`${path} does not start (exit code ${status}):\n${stdout}${stderr}`];
        },
      ),
    ];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
