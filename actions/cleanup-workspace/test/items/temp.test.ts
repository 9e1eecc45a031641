import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeTemp } from '../../src/items/temp.ts';
import { tempItem } from '../../src/items/temp-io.ts';
import { day, deadline, makeMachine, makeOld, planOf, runItem } from './runner-world.ts';

describe('an entry of _temp', () => {
  const judge = (change: object, inContainer = false) =>
    judgeTemp(
      { name: 'x', whyKept: undefined, age: { newest: 999 }, ...change },
      { before: 1000, inContainer, idle: false },
    ).action;

  it('was left by an earlier job if nothing in it has changed since', () => {
    expect(judge({})).toBe('remove');
    expect(judge({ age: { newest: 1000 } })).toBe('keep');
    expect(judge({ age: undefined })).toBe('keep');
  });

  it('stays if it was not seen as a whole, except for what belongs to another user', () => {
    expect(judge({ age: { newest: 1, unseen: 'too many entries' } })).toBe('keep');
    expect(judge({ age: { newest: 1, unseen: 'the time is over' } })).toBe('keep');
    expect(judge({ age: { newest: 1, unseen: 'a part cannot be read' } })).toBe('remove');
  });

  it('stays for another reason, such as the policy', () => {
    expect(judge({ whyKept: 'protected' })).toBe('keep');
  });

  it('stays if the running job uses it: file commands, the event, actions, and the home of its container', () => {
    for (const name of [
      '_runner_file_commands',
      '_github_workflow',
      '_runner_hook_responses',
      'runner-actions',
    ])
      expect(judge({ name })).toBe('keep');
    expect(judge({ name: '_github_home' })).toBe('remove');
    expect(judge({ name: '_github_home' }, true)).toBe('keep');
  });
});

describe('temp', () => {
  const left = ['_work/_temp/_github_home/.npmrc', '_work/_temp/a/b/c', '_work/_temp/script.sh'];

  it('removes what earlier jobs have left, and leaves the files of this job', async () => {
    const { root, work, ground } = makeMachine([...left, '_work/_temp/_runner_file_commands/set_env_1']);
    symlinkSync('/etc', join(work, '_temp/link'));
    chmodSync(join(work, '_temp/a/b'), 0o555);
    const item = tempItem(ground);
    expect(await planOf(item, root)).toEqual([
      ...['remove _work/_temp/_github_home', 'keep _work/_temp/_github_workflow'],
      ...['keep _work/_temp/_runner_file_commands', 'remove _work/_temp/a', 'remove _work/_temp/link'],
      'remove _work/_temp/script.sh',
    ]);
    expect(await runItem(item)).toMatchObject({ removed: 4, leftovers: [], finished: true });
    expect(readdirSync(join(work, '_temp'))).toEqual(['_github_workflow', '_runner_file_commands']);
    expect(existsSync(join(work, '.trash'))).toBe(false);
    expect(existsSync('/etc')).toBe(true);
  });

  it('leaves a file that this job copied with its old modification time', async () => {
    const { root, work, ground } = makeMachine(left);
    for (const path of left) makeOld(join(root, path));
    makeOld(join(work, '_temp/a/b'));
    const item = tempItem({ ...ground, jobStart: Date.now() - day });
    expect((await item.plan(deadline())).map(({ action }) => action)).not.toContain('remove');
    expect(await runItem(item)).toMatchObject({ removed: 0 });
  });

  it('leaves an old tree that this job has moved there', async () => {
    const { top, work, ground } = makeMachine([]);
    const [from, to] = [join(top, 'tree'), join(work, '_temp/tree')];
    mkdirSync(from);
    writeFileSync(join(from, 'file'), '');
    const written = lstatSync(join(from, 'file')).ctimeMs;
    // Moves the tree there and back until the clock of the file system has gone on.
    for (renameSync(from, to); lstatSync(to).ctimeMs <= written + 1; renameSync(from, to))
      renameSync(to, from);
    const plan = await tempItem({ ...ground, jobStart: lstatSync(to).ctimeMs }).plan(deadline());
    expect(plan.find(({ what }) => what === to)).toMatchObject({ why: 'this job may have changed it' });
    const later = await tempItem({ ...ground, jobStart: lstatSync(to).ctimeMs + 1 }).plan(deadline());
    expect(later.find(({ what }) => what === to)?.action).toBe('remove');
  });

  it('leaves everything if the start of the job is not known', async () => {
    const { root, ground } = makeMachine(left);
    const item = tempItem({ ...ground, jobStart: { unknown: 'no start' } });
    expect(await planOf(item, root)).toEqual(['keep _work/_temp']);
  });

  it('leaves an entry that changes after the plan was made', async () => {
    const { work, ground } = makeMachine(left);
    const item = tempItem(ground);
    const steps = await item.plan(deadline());
    writeFileSync(join(work, '_temp/a/new'), '');
    const { removed, leftovers } = await item.execute(steps, deadline());
    expect(removed).toBe(2);
    expect(leftovers).toMatchObject([
      { path: join(work, '_temp/a'), reason: expect.stringContaining('replaced') },
    ]);
    expect(readdirSync(join(work, '_temp/a'))).toEqual(['b', 'new']);
  });

  it('does not follow a link in the place of the temp folder', async () => {
    const { top, work, ground } = makeMachine([]);
    mkdirSync(join(top, 'home'));
    writeFileSync(join(top, 'home/file'), '');
    symlinkSync(join(top, 'home'), join(work, '_linked'));
    const folders = { ...ground.folders, temp: join(work, '_linked') };
    const item = tempItem({ ...ground, folders });
    expect(await item.plan(deadline())).toMatchObject([{ action: 'keep', why: 'it is a link' }]);
    expect(await runItem(item)).toMatchObject({ removed: 0 });
    expect(existsSync(join(top, 'home/file'))).toBe(true);
  });

  it('leaves a temp folder outside of the work folder', async () => {
    const { top, ground } = makeMachine([]);
    mkdirSync(join(top, 'tmp/x'), { recursive: true });
    const folders = { ...ground.folders, temp: join(top, 'tmp') };
    expect(await tempItem({ ...ground, folders }).plan(deadline())).toMatchObject([{ action: 'keep' }]);
  });
});

describe('temp and others', () => {
  it('leaves an entry that a process uses, or that a container has mounted', async () => {
    const { root, ground } = makeMachine(['_work/_temp/a/b', '_work/_temp/c/d'], (own) => [
      { pid: 7, command: 'x', links: { cwd: `${own}/_work/_temp/a` } },
    ]);
    expect(await planOf(tempItem(ground), root)).toEqual([
      ...['keep _work/_temp/_github_workflow', 'keep _work/_temp/a', 'remove _work/_temp/c'],
    ]);
  });

  it('leaves everything if another runner uses the same work folder, but not if that is not known', async () => {
    const { root, ground, make } = makeMachine(['_work/_temp/a/b']);
    make('../second/.runner', JSON.stringify({ workFolder: '../runner/_work' }));
    expect(await planOf(tempItem(ground), root)).toEqual(['keep _work/_temp']);
    const kernel = { platform: 'win32' as const };
    expect(await planOf(tempItem({ ...ground, kernel }), root)).toContain('remove _work/_temp/a');
  });

  it('removes names that are not UTF-8, and says which ones', async () => {
    const { work, ground } = makeMachine([]);
    const name = Buffer.from([0x61, 0xff]);
    mkdirSync(Buffer.concat([Buffer.from(`${work}/_temp/`), name]));
    writeFileSync(Buffer.concat([Buffer.from(`${work}/_temp/`), name, Buffer.from('/'), name]), '');
    const item = tempItem(ground);
    expect((await item.plan(deadline())).map(({ what }) => what)).toContain(
      join(work, '_temp/\uFFFDa\u00FF'),
    );
    expect(await runItem(item)).toMatchObject({ removed: 1, leftovers: [] });
    expect(readdirSync(join(work, '_temp'))).toEqual(['_github_workflow']);
  });
});
