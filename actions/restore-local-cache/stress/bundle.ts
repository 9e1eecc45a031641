import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from '@runner-actions/host';
import { type Space, spaceVersion } from '@runner-actions/store';
import type { Random } from '@runner-actions/testing/hostile';
import { portablePathNames } from '../src/plan/runner-roots.ts';
import type { Left } from './engine.ts';
import { group, victim, type World } from './world.ts';

const dist = resolve(import.meta.dirname, '../dist');
const nowhere = { workspace: '/w', temp: '/t', tool: '/o', home: '/h' };

/** What the built action looks under. */
export const spaceOfBundle: Space = {
  host: 'github.com',
  repositoryId: '1',
  scope: 'refs/heads/main',
  version: spaceVersion(portablePathNames(['deps'], nowhere), ['Linux', 'X64']),
};

/** Main as a step of the victim's job. */
export function restoreBundle(world: World, random: Random): Left {
  mkdirSync(commandsOf(world), { recursive: true });
  for (const path of [commandsOf(world), dirname(commandsOf(world))]) chownSync(path, victim, victim);
  const inputs = {
    INPUT_PATH: 'deps',
    INPUT_KEY: random.pick(['mine', 'theirs', 'theirs', 'none']),
    'INPUT_RESTORE-KEYS': random.pick(['', 'mi', 'the']),
    INPUT_ROOT: world.root,
    INPUT_REMOTE: 'off',
    INPUT_MODE: random.pick(['auto', 'auto', 'auto', 'copy', 'hardlink', 'symlink']),
    INPUT_IMMUTABLE: 'deps',
    'INPUT_ON-EXISTING': random.pick(['auto', 'replace', 'merge']),
    INPUT_VERIFY: random.pick(['off', 'stat', 'full']),
    'INPUT_MAX-SIZE': random.pick(['0B', '1GB']),
    'INPUT_JOB-STATUS': 'success',
  };
  writeFileSync(join(commandsOf(world), 'inputs'), JSON.stringify(inputs));
  return { results: run(world, 'main', inputs), trash: [] };
}

/** Post of the same step. */
export function endBundle(world: World, left: Left): void {
  const commands = commandsOf(world);
  const inputs = JSON.parse(readFileSync(join(commands, 'inputs'), 'utf8')) as Record<string, string>;
  const state = readFileSync(join(commands, 'STATE'), 'utf8');
  const values = [...state.matchAll(/^(.+?)<<(.+)\n([^]*?)\n\2$/gm)].map(
    ([, name, , value]) => [`STATE_${name}`, value] as const,
  );
  left.results.push(...run(world, 'post', { ...inputs, ...Object.fromEntries(values) }));
}

function commandsOf({ folder }: World): string {
  return join(folder, 'work/_temp/commands');
}

/** Runs a phase, traced, and says what came of it, and what it did elsewhere. */
function run(world: World, phase: string, more: Record<string, string | undefined>): string[] {
  const { folder, workspace } = world;
  const commands = commandsOf(world);
  const names = ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'];
  if (phase === 'main')
    for (const name of names) {
      writeFileSync(join(commands, name), '');
      chownSync(join(commands, name), victim, victim);
    }
  const trace = join(folder, 'trees/trace');
  const user = ['--reuid', victim, '--regid', victim, '--groups', group].map(String);
  const calls = 'trace=%file,ftruncate';
  const tracer = ['-f', '-qq', '-s', '4096', '-o', trace, '-e', calls, process.execPath];
  const { status, stdout, stderr } = spawnSync(
    'setpriv',
    [...user, 'strace', ...tracer, join(dist, `${phase}.js`)],
    {
      cwd: '/',
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        PATH: process.env['PATH'],
        HOME: join(folder, 'home'),
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: join(folder, 'work/_temp'),
        RUNNER_TOOL_CACHE: join(folder, 'work/_tool'),
        RUNNER_WORKSPACE: dirname(workspace),
        RUNNER_ENVIRONMENT: 'self-hosted',
        RUNNER_OS: 'Linux',
        RUNNER_ARCH: 'X64',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_API_URL: 'http://127.0.0.1:9',
        GITHUB_REPOSITORY: 'octo/app',
        GITHUB_REPOSITORY_ID: '1',
        GITHUB_REF: 'refs/heads/main',
        GITHUB_EVENT_NAME: 'push',
        ...Object.fromEntries(names.map((name) => [`GITHUB_${name}`, join(commands, name)])),
        ...more,
      },
    },
  );
  const text = stdout + stderr;
  const strays = writtenElsewhere(world, readFileSync(trace, 'utf8'));
  rmSync(trace, { force: true });
  const word = /internal error|TypeError|RangeError/.test(text) ? `fault: ${text}` : 'done';
  const said = /Cache: [a-z]+/.exec(text)?.[0] ?? '';
  const ended = status === 0 ? `${phase}: ${word} ${said}` : `${phase}: fault, ended with ${status}: ${text}`;
  return [ended, ...strays.map((call) => `fault: wrote elsewhere: ${call}`)];
}

const writers =
  /^(rename|renameat2?|unlink|unlinkat|rmdir|mkdir|mkdirat|chmod|fchmodat2?|chown|lchown|fchownat|link|linkat|symlink|symlinkat|utimensat|truncate|mknod|mknodat)$/;

/** The calls that succeeded, and changed or opened for writing what is neither the store's nor the job's. */
function writtenElsewhere({ root, target, folder, workspace }: World, trace: string): string[] {
  const own = [root, target, join(folder, 'work/_temp'), '/dev/null'];
  return trace.split('\n').filter((line) => {
    const [, name = '', args = '', result = ''] = /^\d+ +(\w+)\((.*)\) += (-?\d+)/.exec(line) ?? [];
    const isWriter =
      writers.test(name) || (/^open(at)?$/.test(name) && /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(args));
    if (!isWriter || Number(result) < 0) return false;
    const paths = [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = '']) => path);
    // The first text of a link is where it leads.
    const places = /^symlink/.test(name) ? paths.slice(1) : paths;
    return places.some((path) => {
      // An open folder, which is where it was when it was opened.
      if (path.startsWith('/proc/self/fd/')) return false;
      const real = join(realOf(dirname(path)), basename(path));
      const isBeside = dirname(real) === workspace && basename(real).startsWith('.runner-actions-');
      return !isBeside && !own.some((one) => isInside(real, one)) && real !== workspace;
    });
  });
}

/** The links that a stranger left are there still. */
function realOf(path: string): string {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return join(realpathSync(there), path.slice(there.length));
}
