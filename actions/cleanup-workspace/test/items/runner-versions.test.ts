import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runnerVersionsItem } from '../../src/items/runner-versions-io.ts';
import { currentVersion, judgeRest, judgeVersion } from '../../src/items/runner-versions.ts';
import { day, deadline, makeMachine, planOf, runItem, type StubProcess } from './runner-world.ts';

const version = (name: string, change = {}) =>
  judgeVersion({ name, age: 2 * day, whyKept: undefined, ...change }, [2, 336, 0]).action;

describe('a version of the runner', () => {
  it('is old if it is below the current one in numbers', () => {
    expect(version('bin.2.99.0')).toBe('remove');
    expect(version('externals.2.335.9')).toBe('remove');
    expect(version('bin.2.336.0')).toBe('keep');
    expect(version('bin.2.337.0')).toBe('keep');
    expect(version('bin.10.1.0')).toBe('keep');
  });

  it('stays while it is in use, or if it changed within a day', () => {
    expect(version('bin.2.99.0', { whyKept: 'in use' })).toBe('keep');
    expect(version('bin.2.99.0', { age: day - 1 })).toBe('keep');
    expect(judgeRest({ name: '_update', age: day - 1, whyKept: undefined }).action).toBe('keep');
    expect(judgeRest({ name: '_update', age: day, whyKept: undefined }).action).toBe('remove');
  });

  it('is not known while the links are missing or lead to two versions', () => {
    expect(currentVersion('bin.2.336.0', 'externals.2.336.0')).toEqual([2, 336, 0]);
    expect(currentVersion(undefined, undefined)).toMatch(/are not links/);
    expect(currentVersion('bin.2.336.0', 'externals.2.335.0')).toMatch(/an update may be in progress/);
    expect(currentVersion('externals.2.336.0', 'externals.2.336.0')).toMatch(/an update may be in progress/);
    expect(currentVersion('', '')).toMatch(/an update may be in progress/);
  });
});

describe('old-runner-versions', () => {
  const files = ['2.335.0', '2.336.0', '2.337.0']
    .flatMap((number) => [`bin.${number}/Runner.Listener`, `externals.${number}/node24/bin/node`])
    .concat(
      'bin.custom/x',
      'bin.2.334.0.bak/x',
      'externals.2.330.0.tar/x',
      '_work/_update/bin/x',
      '_work/_update.sh',
    );
  const machine = (processes?: (root: string) => StubProcess[]) => {
    const made = makeMachine(files, processes);
    for (const name of ['bin', 'externals'])
      symlinkSync(join(made.root, `${name}.2.336.0`), join(made.root, name));
    return made;
  };

  it('removes the versions before the current one, and the rest of an update', async () => {
    const { root, work, ground } = machine();
    const item = runnerVersionsItem(ground);
    expect((await planOf(item, root)).filter((step) => step.startsWith('remove'))).toEqual([
      ...['remove _work/_update', 'remove _work/_update.sh'],
      ...['remove bin.2.335.0', 'remove externals.2.335.0'],
    ]);
    expect(await runItem(item)).toMatchObject({ removed: 4, leftovers: [], finished: true });
    expect(readdirSync(root).sort()).toEqual([
      ...['.runner', '_work', 'bin', 'bin.2.334.0.bak', 'bin.2.336.0', 'bin.2.337.0', 'bin.custom'],
      ...['externals', 'externals.2.330.0.tar', 'externals.2.336.0', 'externals.2.337.0'],
    ]);
    expect(readdirSync(work).sort()).toEqual(['_temp', 'app']);
  });

  it('leaves a version from which something runs, and an update that runs', async () => {
    const { root, ground } = machine((own) => [
      { pid: 7, command: 'node', links: { exe: `${own}/externals.2.335.0/node24/bin/node` } },
      { pid: 8, command: `bash ${own}/_work/_update.sh`, links: {} },
      { pid: 9, command: 'tar', links: { cwd: `${own}/_work/_update` } },
    ]);
    expect(
      (await planOf(runnerVersionsItem(ground), root)).filter((step) => step.startsWith('remove')),
    ).toEqual(['remove bin.2.335.0']);
  });

  it('leaves everything new, everything without links, and everything where processes are not visible', async () => {
    const { root, ground } = machine();
    const steps = async (change: object) =>
      (await planOf(runnerVersionsItem({ ...ground, ...change }), root)).filter((step) =>
        /^remove/.test(step),
      );
    expect(await steps({ now: Date.now() })).toEqual([]);
    expect(await steps({ kernel: { platform: 'win32' } })).toEqual([]);
    expect(await steps({ folders: { ...ground.folders, root: undefined } })).toEqual([]);
    const plain = makeMachine(files);
    mkdirSync(join(plain.root, 'bin'));
    expect(await planOf(runnerVersionsItem(plain.ground), plain.root)).toContain('keep bin.2.335.0');
  });

  it('leaves an old version that starts to be used after the plan was made', async () => {
    const { root, ground } = machine();
    const steps = await runnerVersionsItem(ground).plan(deadline());
    const later = machine(() => [{ pid: 7, command: 'x', links: { cwd: `${root}/bin.2.335.0` } }]);
    const { leftovers } = await runnerVersionsItem({ ...ground, kernel: later.ground.kernel ?? {} }).execute(
      steps,
      deadline(),
    );
    expect(leftovers).toMatchObject([
      { path: join(root, 'bin.2.335.0'), reason: expect.stringContaining('in use: process 7') },
    ]);
    expect(existsSync(join(root, 'bin.2.335.0'))).toBe(true);
  });
});
