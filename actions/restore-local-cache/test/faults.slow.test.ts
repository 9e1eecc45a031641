import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { action, build, cache, job, runner, sh, show, storeOf } from './situations/stage.ts';

/**
 * The system calls that change a file system, except `openat`, which mostly reads: a file that it creates is written
 * by the next call.
 */
const calls = [
  'rename,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,symlink,symlinkat',
  'chmod,fchmod,fchmodat,utimensat,ftruncate,fsync,pwrite64,write,copy_file_range',
].join(',');

/** With `FAULTS=all` (`npm run test:faults`), every call is tested, otherwise every ninth. */
const stride = process.env['FAULTS'] === 'all' ? 1 : 9;
const hasStrace = spawnSync('strace', ['-V']).status === 0;

type Phase = 'main' | 'post' | 'store';

/**
 * Runs the unmodified bundle of one phase under strace, which kills it at the nth call; other phases run normally. A
 * parent process represents the job and ends with it, as when a runner dies.
 */
function killing(phase: Phase, nth: number, log = '/dev/null'): string[] {
  const inject = nth === 0 ? [] : ['-e', `inject=${calls}:signal=KILL:when=${nth}`];
  const strace = ['strace', '-f', '-qq', '-o', log, '-e', `trace=${calls}`, ...inject];
  const code = `const { spawnSync } = require('node:child_process');
    const argv = process.argv.slice(1);
    const whole = argv[1].endsWith('/${phase}.js') ? [...${JSON.stringify(strace)}, ...argv] : argv;
    const done = spawnSync(whole[0], whole.slice(1), { stdio: 'inherit' });
    process.exitCode = done.status ?? 137;`;
  return [process.execPath, '-e', code];
}

/** Counts the calls of the phase when it is not killed. */
async function countCalls(phase: Phase, act: (wrap: string[]) => Promise<unknown>): Promise<number> {
  const log = join(mkdtempSync(join(tmpdir(), 'strace-')), 'log');
  await act(killing(phase, 0, log));
  return readFileSync(log, 'utf8').split('\n').length;
}

/** Copies a runner directory in which jobs have run. */
function copyOf(template: string): string {
  const directory = runner();
  // The copy function of Node rounds times.
  execFileSync('cp', ['-a', `${template}/.`, directory]);
  return directory;
}

const change = sh('echo changed > deps/sub/a; rm "deps/b c"; echo added > deps/added; true');
const gc = (directory: string) => ['prune', '--root', storeOf(directory), '--older-than', '0s'];

const scenarios: [string, Phase, (directory: string, wrap: string[]) => Promise<unknown>, boolean][] = [
  ['the first save', 'post', (directory, wrap) => job([cache(), build], { directory, wrap }), false],
  [
    'the first restore, by a copy',
    'main',
    (directory, wrap) => job([cache(), show], { directory, wrap }),
    true,
  ],
  ['a lease', 'main', (directory, wrap) => job([cache(), show], { directory, wrap }), true],
  ['a check-in', 'post', (directory, wrap) => job([cache(), change], { directory, wrap }), true],
  [
    'a save over a prefix',
    'post',
    (directory, wrap) =>
      job([cache({ key: 'k-2', 'restore-keys': 'k-' }), sh('echo more > deps/more')], { directory, wrap }),
    true,
  ],
  [
    'an eviction',
    'store',
    (directory, wrap) => {
      const [file = '', ...rest] = [
        ...wrap,
        process.execPath,
        join(action, 'dist/store.js'),
        ...gc(directory),
      ];
      return Promise.resolve(spawnSync(file, rest, { env: { PATH: process.env['PATH'] } }));
    },
    true,
  ],
];

describe.skipIf(!hasStrace)(
  `store after a process was killed at any system call${hasStrace ? '' : ' (skipped: there is no strace)'}`,
  () => {
    it.each(scenarios)(
      'stays consistent during %s',
      { timeout: 3_600_000 },
      async (name, phase, act, hasEntry) => {
        const prepare = await preparation(name, hasEntry);
        const total = await countCalls(phase, async (wrap) => act(await prepare(), wrap));
        expect(total).toBeGreaterThan(10);
        for (let nth = 1 + (total % stride); nth <= total; nth += stride) {
          const directory = await prepare();
          await act(directory, killing(phase, nth));
          const next = await job([cache(), show], { directory });
          const at = `${name}, killed at call ${nth} of ${total}`;
          if (next.cache['cache-hit'] === 'true') expect(next.steps[1]?.stdout, at).toBe('one\ntwo\n');
          // The entry never leaves the store: only an eviction or the save itself may lose it.
          if (hasEntry && name !== 'an eviction') expect(next.cache['cache-hit'], at).toBe('true');
          const store = (...args: string[]) => command([...args, '--root', storeOf(directory)]);
          expect(store('fsck', '--full'), at).toEqual([0, expect.stringContaining(': 0 problems')]);
          store('gc');
          for (const folder of ['staging', 'quarantine'])
            expect(readdirSync(join(storeOf(directory), folder)), at).toEqual([]);
          rmSync(directory, { recursive: true, force: true });
        }
      },
    );
  },
);

function command(args: string[]): [number | null, string] {
  const { status, stdout } = spawnSync(process.execPath, [join(action, 'dist/store.js'), ...args], {
    encoding: 'utf8',
    env: {},
  });
  return [status, stdout];
}

/**
 * Prepares the runner directory for a scenario. A ready copy is identified by its inodes, so scenarios that need one
 * run the jobs each time. The others copy one directory.
 */
async function preparation(name: string, hasEntry: boolean): Promise<() => Promise<string>> {
  const fill = async (): Promise<string> => {
    const directory = runner();
    if (hasEntry) await job([cache(), build], { directory });
    return directory;
  };
  if (['a lease', 'a check-in', 'an eviction'].includes(name)) {
    return async () => {
      const directory = await fill();
      const first = await job([cache(), show], { directory });
      if (!first.post.includes('ready for the next job')) throw new Error('there is no ready copy');
      return directory;
    };
  }
  const template = await fill();
  return () => Promise.resolve(copyOf(template));
}
