import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import type { Ground } from '../../src/items/ground.ts';
import type { PathOutcome, PathStep } from '../../src/items/path-item.ts';
import { makeRunner, reason, user } from '../as-user.ts';
import { day } from './runner-world.ts';

const source = resolve(import.meta.dirname, '../../src/items');
const isLinux = process.platform === 'linux';

type Facts = Omit<Ground, 'enough'> & { environment: object };

function factsOf(directory: string): Facts {
  const root = realpathSync(directory);
  const work = join(root, '_work');
  const folders = {
    work,
    root,
    temp: join(work, '_temp'),
    tools: join(work, '_tool'),
    actions: join(work, '_actions'),
  };
  writeFileSync(join(root, '.runner'), JSON.stringify({ workFolder: '_work' }));
  return {
    ...{ folders, repository: 'app', protect: [], maxAge: 14 * day, environment: {} },
    ...{ now: Date.now() + 100 * day, jobStart: Date.now() + 99 * day },
  };
}

/** Creates a runner with no folder beside it: with many, it would not be known who shares its work folder. */
function makeLoneRunner(files: readonly string[]): string {
  const parent = mkdtempSync(join(tmpdir(), 'runners-'));
  chmodSync(parent, 0o755);
  return makeRunner(files, parent);
}

interface Options {
  wrap?: readonly string[] | undefined;
  /** A shell that an ordinary user runs meanwhile: its program and its working directory. */
  program?: { file: string; cwd: string };
}

/**
 * Plans and executes an item in a process of an ordinary user, below a process that looks like the runner's worker. They
 * see no process of the machine: another test may also run a runner there.
 */
function runAsUser(
  file: string,
  name: string,
  facts: Facts,
  { wrap = [], program }: Options = {},
): { steps: PathStep[]; outcome: PathOutcome } {
  const script = `const { ${name} } = await import('${source}/${file}');
    const { startDeadline } = await import('${resolve(source, '../../../../packages/core/src/index.ts')}');
    const item = ${name}({ ...JSON.parse(process.env.FACTS), enough: async () => false });
    const steps = await item.plan(startDeadline(60_000));
    console.log(JSON.stringify({ steps, outcome: await item.execute(steps, startDeadline(60_000)) }));`;
  const become = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const ready = join(mkdtempSync(join(tmpdir(), 'ready-')), 'fifo');
  execFileSync('mkfifo', ['-m', '666', ready]);
  execFileSync('chmod', ['755', dirname(ready)]);
  // Not as variables: a process also uses the folders that its environment names.
  const start = `read -r directory; read -r program; (cd "$directory" && exec "$program" -c 'echo > "$READY"; sleep 100; :') & read -r _ < "$READY"; cd /`;
  const shell = `${program === undefined ? ':' : start}; exec -a "$WORKER" /bin/sh -c '"$NODE" --input-type=module -e "$SCRIPT"; true'`;
  const alone = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const [command = '', ...args] = [...wrap, ...alone, ...become, '/bin/bash', '-c', shell];
  const env = {
    ...{ PATH: process.env['PATH'], NODE: process.execPath, FACTS: JSON.stringify(facts), SCRIPT: script },
    WORKER: `${facts.folders.root}/bin/Runner.Worker`,
    READY: ready,
  };
  const { stdout, stderr } = spawnSync(command, args, {
    ...{ encoding: 'utf8', env, cwd: '/', input: `${program?.cwd}\n${program?.file}\n` },
  });
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return JSON.parse(stdout) as { steps: PathStep[]; outcome: PathOutcome };
}

describe.skipIf(!isLinux || reason !== '')(`temp, for an ordinary user${reason}`, () => {
  it('moves what belongs to root out of the temp folder, and removes the rest', () => {
    const directory = makeLoneRunner([
      ...[
        '_work/_temp/_github_home/.npmrc',
        '!_work/_temp/_github_home/.docker/config.json',
        '!_work/_temp/rooted',
      ],
      ...['_work/_temp/a/b', '!_work/_temp/_github_workflow/event.json'],
    ]);
    chmodSync(join(directory, '_work/_temp/_github_home/.docker'), 0o700);
    const { outcome } = runAsUser('temp-io.ts', 'tempItem', factsOf(directory));
    expect(readdirSync(join(directory, '_work/_temp'))).toEqual(['_github_workflow']);
    expect(outcome.removed).toBe(3);
    expect(outcome.leftovers).toMatchObject([
      {
        path: expect.stringMatching(/_work\/\.trash\/.*\/_temp\/_github_home\/\.docker$/),
        reason: expect.stringContaining('belongs to another user (root)'),
      },
    ]);
  });

  it('says why if the temp folder itself belongs to root', () => {
    const directory = makeLoneRunner(['!_work/_temp/_github_workflow/event.json']);
    execFileSync('chown', ['root:root', join(directory, '_work/_temp')]);
    const { outcome } = runAsUser('temp-io.ts', 'tempItem', factsOf(directory));
    expect(outcome).toMatchObject({ removed: 0, leftovers: [{ path: expect.stringMatching(/_temp\/x$/) }] });
  });
});

describe.skipIf(!isLinux || reason !== '')(`stale-repositories, for an ordinary user${reason}`, () => {
  it('removes a repository, and moves a part that belongs to root to the trash', () => {
    const directory = makeLoneRunner(['_work/old/old/src/a', '!_work/old/old/build/b', '_work/new/x']);
    const { outcome } = runAsUser('repositories-io.ts', 'repositoriesItem', factsOf(directory));
    expect(readdirSync(join(directory, '_work')).sort()).toEqual(['.trash', '_temp', '_tool', 'app']);
    expect(outcome.leftovers).toMatchObject([{ path: expect.stringMatching(/\.trash\/.*old\/old\/build/) }]);
  });

  it('leaves a repository in which a process of this user works', () => {
    const directory = makeLoneRunner(['_work/old/old/src/a']);
    const program = { file: '/bin/sh', cwd: join(directory, '_work/old/old') };
    const { steps } = runAsUser('repositories-io.ts', 'repositoriesItem', factsOf(directory), { program });
    expect(steps.find(({ what }) => what.endsWith('/old'))).toMatchObject({
      ...{
        action: 'keep',
        why: expect.stringMatching(/^in use: process \d+ runs from it$/),
      },
    });
  });
});

/** Writes the marker of a version until its time is later than that of another: the kernel's clock has ticks of 4 ms. */
function installLast(tool: string, version: string, other: string): void {
  const markerOf = (name: string) => join(tool, name, 'x64.complete');
  do writeFileSync(markerOf(version), 'installed last');
  while (statSync(markerOf(version)).ctimeMs <= statSync(markerOf(other)).ctimeMs);
}

describe.skipIf(!isLinux || reason !== '')(`tool-cache, for an ordinary user${reason}`, () => {
  it('leaves a version from which a program runs, and removes another one', () => {
    const versions = ['1.0.0', '2.0.0', '3.0.0'].flatMap((name) => [
      ...[`_work/_tool/sh/${name}/x64/readme`, `_work/_tool/sh/${name}/x64.complete`],
    ]);
    const directory = makeLoneRunner(versions);
    installLast(join(directory, '_work/_tool/sh'), '3.0.0', '2.0.0');
    const program = join(directory, '_work/_tool/sh/1.0.0/x64/sh');
    copyFileSync('/bin/sh', program);
    chmodSync(program, 0o755);
    const running = { program: { file: program, cwd: '/' } };
    const { outcome } = runAsUser('tool-cache-io.ts', 'toolCacheItem', factsOf(directory), running);
    expect(outcome).toMatchObject({ removed: 1, leftovers: [], finished: true });
    expect(readdirSync(join(directory, '_work/_tool/sh')).sort()).toEqual(['1.0.0', '3.0.0']);
    expect(existsSync(`${dirname(program)}.complete`)).toBe(true);
  });
});

const noMounts =
  reason !== '' || withMounts([]) !== undefined
    ? reason
    : ' (skipped: this machine allows no mount namespaces)';
describe.skipIf(!isLinux || noMounts !== '')(`old-runner-versions with a mount${noMounts}`, () => {
  it('leaves a version in which a file system is mounted', () => {
    const directory = realpathSync(
      makeLoneRunner(['bin.2.1.0/m/y', 'bin.2.2.0/x', 'externals.2.2.0/x', 'elsewhere/file']),
    );
    for (const name of ['bin', 'externals'])
      symlinkSync(join(directory, `${name}.2.2.0`), join(directory, name));
    const mount = withMounts([['--bind', join(directory, 'elsewhere'), join(directory, 'bin.2.1.0/m')]]);
    const run = (wrap?: readonly string[]) =>
      runAsUser('runner-versions-io.ts', 'runnerVersionsItem', factsOf(directory), { wrap });
    expect(run(mount).steps.find(({ what }) => what.endsWith('bin.2.1.0'))).toMatchObject({
      ...{ action: 'keep', why: 'another file system is mounted in it' },
    });
    expect(run().outcome).toMatchObject({ removed: 1, leftovers: [] });
    expect(existsSync(join(directory, 'elsewhere/file'))).toBe(true);
  });
});

describe.skipIf(!isLinux || noMounts !== '')(`a removal with a mount${noMounts}`, () => {
  it('removes nothing around a file system that was mounted after the plan was made', () => {
    const directory = realpathSync(makeRunner(['_work/old/keep/y', '_work/old/m/y', 'elsewhere/file']));
    const work = join(directory, '_work');
    const script = `const { removeEntry } = await import('${source}/remove-entry.ts');
      const { startDeadline } = await import('${resolve(source, '../../../../packages/core/src/index.ts')}');
      const entry = { base: '${work}', names: ['old'] };
      const place = { work: '${work}', protect: [] };
      console.log(JSON.stringify(removeEntry(entry, () => undefined, place, startDeadline(60_000))));`;
    const wrap = withMounts([['--bind', join(directory, 'elsewhere'), join(work, 'old/m')]]) ?? [];
    const [command = '', ...args] = [...wrap, process.execPath, '--input-type=module', '-e', script];
    const { stdout } = spawnSync(command, args, { encoding: 'utf8', cwd: '/' });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ files: 0, residue: [{ path: join(work, 'old'), reason: 'another file system is mounted there' }] },
    });
    expect(existsSync(join(work, 'old/keep/y'))).toBe(true);
    expect(existsSync(join(directory, 'elsewhere/file'))).toBe(true);
  });
});
