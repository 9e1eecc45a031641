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
import { findProcessesByTrackingId, killProcesses } from '@runner-actions/testing';
import type { Action } from './actions.ts';

export interface StartupCheck {
  /** One message per problem. */
  problems: string[];
  /** By phase: gzipped bytes of the bundle files that it loads when it has nothing to do. */
  loaded: Record<string, number>;
}

/**
 * Checks that each phase of the bundle starts and ends by itself. It runs without inputs, in a folder from which Node
 * finds no `node_modules`. All scripts of the bundle are also parsed, because such a run does not load every chunk.
 */
export function checkStartup(action: Action): StartupCheck {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dist-startup-')));
  const trackingId = `dist-check-${randomUUID()}`;
  try {
    cpSync(join(action.folder, 'dist'), join(folder, 'dist'), { recursive: true });
    const scripts = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    );
    const unparsable = scripts.filter(
      (path) => spawnSync(process.execPath, ['--check', join(folder, 'dist', path)]).status !== 0,
    );
    const names = ['main', 'post', ...action.parts.map(({ name }) => name)];
    const phases = names.filter((phase) => existsSync(join(folder, 'dist', `${phase}.js`)));
    writeFileSync(join(folder, 'record-loaded.cjs'), recordLoaded);
    const loaded: StartupCheck['loaded'] = {};
    const problems = phases.flatMap((phase) => {
      const found = startPhase(folder, phase, trackingId);
      const files = JSON.parse(readFileSync(join(folder, `${phase}-loaded`), 'utf8')) as string[];
      loaded[phase] = files.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
      return found;
    });
    return {
      problems: [...unparsable.map((path) => `${path} is not valid JavaScript`), ...problems],
      loaded,
    };
  } finally {
    killProcesses(findProcessesByTrackingId(trackingId));
    // The killed processes may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A script that Node loads before the phase. On exit it writes the list of bundle files that the phase loaded. */
const recordLoaded = `
const { loaded, dist } = JSON.parse(process.env.RECORD_LOADED);
process.on('exit', () => {
  const files = Object.keys(require.cache).filter((path) => path.startsWith(dist));
  require('node:fs').writeFileSync(loaded, JSON.stringify(files));
});
`;

/** Runs one phase and returns its problems. */
function startPhase(folder: string, phase: string, trackingId: string): string[] {
  const workspace = join(folder, '_work', 'app', 'app');
  mkdirSync(workspace, { recursive: true });
  const files = ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'].map((name) => {
    const path = join(folder, `${phase}-${name}`);
    writeFileSync(path, '');
    return [`GITHUB_${name}`, path] as const;
  });
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'record-loaded.cjs'), join(folder, 'dist', `${phase}.js`)],
    {
      cwd: workspace,
      encoding: 'utf8',
      timeout: 30_000,
      env: {
        RECORD_LOADED: JSON.stringify({
          loaded: join(folder, `${phase}-loaded`),
          dist: join(folder, 'dist'),
        }),
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
  const endedAsExpected = status === 0 || (status === 1 && output.includes('::error'));
  if (endedAsExpected && !/Cannot find (module|package)|ERR_MODULE_NOT_FOUND|SyntaxError/.test(output))
    return [];
  return [`${phase}.js does not start (exit code or signal: ${status ?? signal}):\n${output.slice(0, 2000)}`];
}
