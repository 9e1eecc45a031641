import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readRunnerFile } from '@runner-actions/host';
import { withPolicy } from '@runner-actions/testing';
import { startFakeEngine } from '@runner-actions/testing/engine';
import { describe, expect, it } from 'vitest';
import {
  cli,
  isIsolated,
  kept,
  leftovers,
  listTree,
  makeRunner,
  nodes,
  ofDeadCleanUp,
  runIsolated,
} from './world.ts';

const [node = process.execPath] = nodes;
const trash = `_work/.trash/${ofDeadCleanUp}/1/app/file`;
const lock = '_work/.runner-actions-cleanup.lock';
const clean = (root: string, ...more: string[]) => [node, cli, 'cleanup', '--runner', root, ...more];

interface Result {
  runners: { runner: string; state: string; why?: string; items: { item: string }[] }[];
}
const resultOf = (stdout: string) => (JSON.parse(stdout) as Result).runners;
const filesIn = (root: string) =>
  listTree(root).filter((path) => path.endsWith('file') || path.endsWith('.json'));

describe.runIf(isIsolated)('runner-actions cleanup', () => {
  it.each(nodes)(
    'cleans the trash and the temp folder of an idle runner, and leaves the rest, with %s',
    async (one) => {
      const root = makeRunner(trash, ...leftovers, ...kept);
      const before = listTree(root);
      const dry = await runIsolated(root, [one, ...clean(root, '--dry-run').slice(1)]);
      expect([dry.status, dry.stderr, listTree(root)]).toEqual([0, '', before]);
      expect(dry.stdout).toMatch(/would remove 3 entries \(dry run\)/);
      const real = await runIsolated(root, [one, ...clean(root, '--json').slice(1)]);
      expect([real.status, real.stderr, filesIn(root)]).toEqual([0, '', [...kept].sort()]);
      expect(resultOf(real.stdout)).toMatchObject([{ runner: root, state: 'cleaned' }]);
      expect(existsSync(join(root, lock))).toBe(false);
    },
  );

  it('finds the runners beside one that runs, and cleans each that is idle', async () => {
    const [root, other] = [makeRunner(...leftovers), makeRunner(...leftovers)];
    const beside = resolve(root, '../other');
    const script = `mv ${other} ${beside}; fake Listener; "$@"`;
    const all = [node, cli, 'cleanup', '--all-runners', '--json'];
    const { status, stdout } = await runIsolated(root, all, script);
    // The other one does not run, and a namespace shows no processes of the machine.
    const states = resultOf(stdout).map(({ runner, state }) => [runner, state]);
    expect([status, states]).toEqual([
      3,
      expect.arrayContaining([
        [beside, 'unknown'],
        [root, 'cleaned'],
      ]),
    ]);
    expect([filesIn(root), filesIn(beside)]).toEqual([[], leftovers]);
  });

  it('leaves a runner alone while its worker runs, which is well', async () => {
    const root = makeRunner(trash, ...leftovers);
    const before = listTree(root);
    const { status, stdout } = await runIsolated(root, clean(root), 'fake Listener; fake Worker; "$@"');
    expect([status, listTree(root)]).toEqual([0, before]);
    expect(stdout).toMatch(/left alone: a job runs: process \d+ is its worker/);
  });

  it('leaves a runner alone while its worker runs by another path, through a bind mount', async () => {
    const [root, alias] = [makeRunner(trash, ...leftovers), mkdtempSync(join(tmpdir(), 'alias-'))];
    const before = listTree(root);
    const script = `mount --bind ${root} ${alias}; fake Listener; root=${alias}; fake Worker; "$@"`;
    const { status, stdout } = await runIsolated(root, clean(root), script);
    expect([status, listTree(root)]).toEqual([0, before]);
    expect(stdout).toMatch(/left alone: a job runs: process \d+ is its worker/);
  });

  it('leaves a runner alone if a worker of it might be hidden, which needs attention', async () => {
    const root = makeRunner(...leftovers);
    const { status, stdout } = await runIsolated(root, clean(root), '"$@"');
    expect([status, filesIn(root)]).toEqual([3, leftovers]);
    expect(stdout).toMatch(
      /could not be found out whether it has a job: processes of the machine are not visible/,
    );
  });

  it('needs attention for what this user cannot remove, and removes a temp folder of any size', async () => {
    const root = makeRunner('_work/_temp/owned/file', '_work/_temp/large/file');
    const large = join(root, '_work/_temp/large');
    spawnSync('/bin/sh', ['-c', 'seq 21000 | xargs touch'], { cwd: large });
    spawnSync('chmod', ['755', dirname(root)]);
    spawnSync('chown', ['-R', '65534', root]);
    spawnSync('chown', ['-R', '0', join(root, '_work/_temp/owned')]);
    const become = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const { status, stdout } = await runIsolated(root, [...become, ...clean(root)]);
    expect([status, existsSync(large)]).toEqual([3, false]);
    expect(stdout).toMatch(/1 entry could not be removed for 'temp' .*root/);
  });

  it('says that another clean-up is running, and takes over from one that was killed', async () => {
    const root = makeRunner(trash, ...leftovers);
    const packages = resolve(import.meta.dirname, '../..');
    const hold = `import { takeLock } from '${packages}/store/src/lock.ts';
      import { ownerOf } from '${packages}/host/src/owner.ts';
      import { spawnSync } from 'node:child_process';
      takeLock('${root}/${lock}', { owner: ownerOf(process.pid), job: 'other', purpose: 'clean-up' });
      const [file, ...args] = process.argv.slice(1);
      console.log(spawnSync(file, args, { encoding: 'utf8' }).stdout);`;
    const script = `fake Listener; ${process.execPath} --input-type=module -e "$HOLD" "$@"; "$@"; echo "status $?"`;
    const { stdout } = await runIsolated(root, clean(root), script, { HOLD: hold });
    expect(stdout).toMatch(/already running: process \d+ cleans it\n\n.*removed\n(.*\n)*status 0/);
    expect([filesIn(root), existsSync(join(root, lock))]).toEqual([[], false]);
  });

  it('finishes in the next run what one that was killed had begun', async () => {
    const root = makeRunner(trash, ...leftovers, ...kept);
    const script = `fake Listener; "$@" & while [ ! -e ${root}/${lock} ] && kill -0 $!; do :; done 2>/dev/null
      kill -9 $!; wait $!; "$@" >/dev/null; echo "status $?"`;
    const { stdout } = await runIsolated(root, clean(root), script);
    expect([stdout, filesIn(root)]).toEqual([expect.stringMatching(/status 0\n$/), [...kept].sort()]);
  });

  it('removes containers that this runner started for a job that was killed, within the policy', async () => {
    const root = makeRunner(...kept);
    const { label = '' } = readRunnerFile(root) ?? {};
    const container = (id: string, labels: object) => ({
      ...{ Id: id.repeat(64), Name: `/${id}`, Image: 'sha256:1', ImageID: 'sha256:1', Mounts: [] },
      ...{ Created: new Date(Date.now() - 3_600_000).toISOString(), Config: { Labels: labels } },
      ...{
        HostConfig: { RestartPolicy: { Name: 'no' } },
        NetworkSettings: { Networks: {} },
        State: { Running: true },
      },
    });
    const containers = [
      container('a', { [label]: '' }),
      container('b', {}),
      container('c', { '000000': '' }),
    ];
    const engine = await startFakeEngine({ machine: hostname(), containers });
    const removals = () => engine.calls.filter((call) => call.startsWith('DELETE'));
    const env = { DOCKER_HOST: `unix://${engine.socket}` };
    const off = withPolicy('cleanup: { containers: off, budget: 1m }\n');
    if (off !== undefined) {
      const { status, stderr } = await runIsolated(root, [...off, ...clean(root)], undefined, env);
      expect([status, removals()]).toEqual([0, []]);
      expect(stderr).toMatch(/limits 'budget' to 1[^]*limits 'containers' to off/);
    }
    const { status, stdout } = await runIsolated(root, clean(root), undefined, env);
    await engine.close();
    expect([status, removals()], stdout).toEqual([0, [expect.stringMatching(/^DELETE \/containers\/a{64}/)]]);
  });

  it('stops for SIGTERM, says so, and gives its lock back', async () => {
    const root = makeRunner(...leftovers);
    const socket = join(mkdtempSync(join(tmpdir(), 'engine-')), 's');
    const silent = createServer(() => undefined).listen(socket);
    const script = `fake Listener; "$@" & while [ ! -e ${root}/${lock} ]; do :; done; kill -TERM $!; wait $!`;
    const { status, stdout } = await runIsolated(root, clean(root), script, {
      DOCKER_HOST: `unix://${socket}`,
    });
    silent.close();
    expect([status, stdout]).toEqual([3, expect.stringContaining('Stopped by SIGTERM.')]);
    expect(existsSync(join(root, lock))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0).each<[string, (root: string) => void]>([
    ['its user', (root) => chownSync(root, 65534, 65534)],
    ['everybody, such as /tmp', (root) => chmodSync(root, 0o1777)],
    ['a user above', (root) => chownSync(dirname(root), 65534, 65534)],
    ['a user by .runner', (root) => chownSync(join(root, '.runner'), 65534, 65534)],
  ])(
    'does not let root follow a link to a folder of another user, for a runner that can be changed by %s',
    async (_, change) => {
      const [root, victim] = [makeRunner(), makeRunner(...leftovers)];
      spawnSync('chown', ['-R', '1234', join(victim, '_work')]);
      change(root);
      const script = `rm -rf ${root}/_work; ln -s ${victim}/_work ${root}/_work; fake Listener; "$@"`;
      const { status, stdout } = await runIsolated(root, clean(root), script);
      expect([status, filesIn(victim)]).toEqual([1, leftovers]);
      expect(stdout).toMatch(/refused: .*lead root to any folder/);
    },
  );
});

it('refuses wrong arguments with 2, a folder without a runner with 1, and a policy with mistakes with 3', async () => {
  const run = (args: string[], wrap: readonly string[] = []) => {
    const [file = '', ...rest] = [...wrap, node, cli, ...args];
    return spawnSync(file, rest, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  };
  for (const args of [['nope'], [], ['cleanup'], ['cleanup', '--all-runners', '--runner', '/x'], ['config']])
    expect([args, run(args).status]).toEqual([args, 2]);
  expect(run(['cleanup', '--runner', '/nowhere'])).toMatchObject({ status: 1, stderr: '' });
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8')) as {
    version: string;
  };
  expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  const wrong = withPolicy('cleanup: { budget: soon }\n');
  if (wrong !== undefined)
    expect(run(['cleanup', '--runner', '/nowhere'], wrong)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/policy\.yml:1:\d+: cleanup\.budget/) as unknown,
    });
});
