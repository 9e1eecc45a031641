import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { findOrphans, killAll } from '@runner-actions/testing';
import type { Action } from './actions.ts';

export interface Boot {
  /** What went wrong. */
  problems: string[];
  /** Gzipped bytes of the files that each phase loads though it has nothing to do. */
  loaded: Record<string, number>;
}

/**
 * Starts each phase of the bundle from a folder with no `node_modules` in reach and no inputs: it must load, and end by
 * itself. Chunks that such a run does not load are parsed.
 */
export function checkBoot(action: Action): Boot {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dist-boot-')));
  const trackingId = `dist-check-${randomUUID()}`;
  try {
    cpSync(join(action.folder, 'dist'), join(folder, 'dist'), { recursive: true });
    const scripts = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    );
    const broken = scripts.filter(
      (path) => spawnSync(process.execPath, ['--check', join(folder, 'dist', path)]).status !== 0,
    );
    const names = ['main', 'post', ...action.parts.map(({ name }) => name)];
    const phases = names.filter((phase) => existsSync(join(folder, 'dist', `${phase}.js`)));
    writeFileSync(join(folder, 'note.cjs'), noteLoaded);
    const loaded: Boot['loaded'] = {};
    const problems = phases.flatMap((phase) => {
      const problem = boot(folder, phase, trackingId);
      const files = JSON.parse(readFileSync(join(folder, `${phase}-loaded`), 'utf8')) as string[];
      loaded[phase] = files.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
      return problem;
    });
    return { problems: [...broken.map((path) => `${path} is not valid JavaScript`), ...problems], loaded };
  } finally {
    killAll(findOrphans(trackingId));
    // What was killed may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Is loaded before the phase, and writes when it ends which files of the bundle it loaded. */
const noteLoaded = `
const { loaded, dist } = JSON.parse(process.env.NOTE_LOADED);
process.on('exit', () => {
  const files = Object.keys(require.cache).filter((path) => path.startsWith(dist));
  require('node:fs').writeFileSync(loaded, JSON.stringify(files));
});
`;

function boot(folder: string, phase: string, trackingId: string): string[] {
  const workspace = join(folder, '_work', 'app', 'app');
  mkdirSync(workspace, { recursive: true });
  const files = ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'].map((name) => {
    const path = join(folder, `${phase}-${name}`);
    writeFileSync(path, '');
    return [`GITHUB_${name}`, path] as const;
  });
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'note.cjs'), join(folder, 'dist', `${phase}.js`)],
    {
      cwd: workspace,
      encoding: 'utf8',
      timeout: 30_000,
      env: {
        NOTE_LOADED: JSON.stringify({ loaded: join(folder, `${phase}-loaded`), dist: join(folder, 'dist') }),
        PATH: process.env['PATH'],
        HOME: folder,
        GITHUB_ACTIONS: 'true',
        RUNNER_TEMP: folder,
        GITHUB_WORKSPACE: workspace,
        GITHUB_REPOSITORY: 'octo/app',
        RUNNER_ENVIRONMENT: 'self-hosted',
        RUNNER_TRACKING_ID: trackingId,
        ...Object.fromEntries(files),
      },
    },
  );
  const output = `${stdout}${stderr}`;
  const known = status === 0 || (status === 1 && output.includes('::error'));
  if (known && !/Cannot find (module|package)|ERR_MODULE_NOT_FOUND|SyntaxError/.test(output)) return [];
  return [`${phase}.js does not boot (exit ${status ?? signal}):\n${output.slice(0, 2000)}`];
}
