import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoriesItem } from '../../src/items/repositories-io.ts';
import {
  judgeRepository,
  mappingsOf,
  parseInvariantTime,
  parseMapping,
} from '../../src/items/repositories.ts';
import { day, deadline, makeMachine, planOf, runItem, type StubProcess } from './runner-world.ts';

/** Formats a time as the runner does. */
const invariant = (time: number): string => {
  const [date = '', clock = ''] = new Date(time).toISOString().slice(0, 19).split('T');
  const [year, month, date2] = date.split('-');
  return `${month}/${date2}/${year} ${clock} +00:00`;
};
const mapping = (folder: string, time: number): string =>
  JSON.stringify({
    repositoryName: `org/${folder}`,
    pipelineDirectory: folder,
    workspaceDirectory: `${folder}/${folder}`,
    repositories: {
      [`org/${folder}`]: { repositoryPath: `${folder}/${folder}`, lastRunOn: invariant(time) },
    },
    lastRunOn: invariant(time),
  });
const mappingPath = (repository: string) => `_work/_PipelineMapping/${repository}/PipelineFolder.json`;

describe('the time of the last job', () => {
  it('is read in the form of .NET, with the offset', () => {
    expect(parseInvariantTime('08/17/2026 14:15:44 +01:00')).toBe(Date.parse('2026-08-17T14:15:44+01:00'));
    expect(parseInvariantTime('01/02/2026 23:59:59 -03:30')).toBe(Date.parse('2026-01-02T23:59:59-03:30'));
    expect(parseInvariantTime('02/29/2028 00:00:00 +00:00')).toBe(Date.parse('2028-02-29T00:00:00Z'));
  });

  it.each([
    '',
    '2026-08-17T14:15:44Z',
    '17/08/2026 14:15:44 +01:00',
    '02/30/2026 00:00:00 +00:00',
    '8/7/2026 1:02:03 AM +00:00',
  ])('is not known for %j', (text) => expect(parseInvariantTime(text)).toBeUndefined());

  it('is the newest time in the mapping', () => {
    const text = `{"PipelineDirectory":"app","LastRunOn":"08/17/2026 14:15:44 +00:00",
      "Repositories":{"a/app":{"LastRunOn":"08/18/2026 14:15:44 +00:00"},"a/lib":{"LastRunOn":""}}}`;
    expect(parseMapping('a/app', `\uFEFF${text}`)).toEqual({
      ...{ repository: 'a/app', folder: 'app', lastRun: Date.parse('2026-08-18T14:15:44Z') },
    });
  });

  it('is read from a file as the runner writes it, with names in any case', () => {
    const text = `{
      "repositoryName": "org/app",
      "pipelineDirectory": "app",
      "workspaceDirectory": "app/app",
      "repositories": {
        "org/app": { "repositoryPath": "app/app", "lastRunOn": "10/24/2023 15:23:59 +00:00" }
      },
      "lastRunOn": "10/24/2023 15:23:58 +00:00"
    }`;
    const expected = { repository: 'org/app', folder: 'app', lastRun: Date.parse('2023-10-24T15:23:59Z') };
    expect(parseMapping('org/app', text)).toEqual(expected);
    expect(parseMapping('org/app', text.replaceAll('lastRunOn', 'LastRunOn'))).toEqual(expected);
  });

  it.each([
    ['no file', undefined],
    ['half a file', '{"PipelineDirectory":"app"'],
    ['a path', '{"PipelineDirectory":"../app","LastRunOn":"08/17/2026 14:15:44 +00:00"}'],
    ['no time', '{"PipelineDirectory":"app","LastRunOn":""}'],
    [
      'a broken second time',
      '{"PipelineDirectory":"app","LastRunOn":"08/17/2026 14:15:44 +00:00","Repositories":{"x":{"LastRunOn":1}}}',
    ],
    ['null', 'null'],
  ])('makes a mapping unreadable with %s', (_what, text) => {
    expect(parseMapping('a/app', text)).toEqual({
      repository: 'a/app',
      folder: undefined,
      lastRun: undefined,
    });
  });
});

describe('a stale repository', () => {
  const judge = (lastRuns: (number | undefined)[], changed?: number | string) =>
    judgeRepository(
      {
        ...{ name: 'app', changed, whyKept: undefined },
        mappings: lastRuns.map((lastRun) => ({ repository: 'a/app', folder: 'app', lastRun })),
      },
      100 * day,
      14 * day,
    );

  it('has the newest of all its mappings, which two owners may share', () => {
    expect(judge([85 * day]).action).toBe('remove');
    expect(judge([85 * day, 87 * day]).action).toBe('keep');
    expect(judge([86 * day]).action).toBe('keep');
    expect(judge([200 * day]).action).toBe('keep');
    const two = ['a/app', 'b/App'].map((repository) => parseMapping(repository, mapping('app', day)));
    expect(mappingsOf('app', two)).toHaveLength(2);
  });

  it('stays while one of its mappings is corrupt', () => {
    expect(judge([1, undefined])).toEqual({
      action: 'keep',
      why: "the runner's mapping of a/app cannot be read",
    });
    expect(mappingsOf('app', [parseMapping('c/app', 'corrupt')])).toHaveLength(1);
  });

  it('has the newest change in it where the mapping is missing, if that is known', () => {
    expect(judge([], 80 * day).action).toBe('remove');
    expect(judge([], 90 * day).action).toBe('keep');
    expect(judge([], 'too many entries').action).toBe('keep');
    expect(judge([]).action).toBe('keep');
  });
});

describe('stale-repositories', () => {
  it('removes only old repositories of this runner, and leaves the mapping', async () => {
    const { root, work, ground, make } = makeMachine([
      ...['_work/old/old/file', '_work/new/new/file', '_work/corrupt/corrupt/file', '_work/bare/bare/file'],
      ...['_work/_actions/x', '_work/_other/x', '_work/.trash/x', '_work/file', '_work/_tool/x/1/x64/x'],
    ]);
    make(mappingPath('a/old'), mapping('old', ground.now - 15 * day));
    make(mappingPath('a/app'), mapping('app', ground.now - 15 * day));
    make(mappingPath('a/new'), mapping('new', ground.now - 15 * day));
    make(mappingPath('b/new'), mapping('new', ground.now - day));
    make(mappingPath('a/corrupt'), '{');
    symlinkSync(join(root, 'elsewhere'), join(work, 'link'));
    const item = repositoriesItem(ground);
    expect(await planOf(item, root)).toEqual([
      ...['keep _work/app', 'remove _work/bare', 'keep _work/corrupt', 'keep _work/new', 'remove _work/old'],
    ]);
    expect(readdirSync(work)).toContain('old');
    expect(await runItem(item)).toMatchObject({ removed: 2, leftovers: [], finished: true });
    expect(readdirSync(work).sort()).toEqual([
      ...[
        '.trash',
        '_PipelineMapping',
        '_actions',
        '_other',
        '_temp',
        '_tool',
        'app',
        'corrupt',
        'file',
        'link',
        'new',
      ],
    ]);
    expect(existsSync(join(root, mappingPath('a/old')))).toBe(true);
  });

  const user = process.geteuid?.() ?? 0;
  it.each([
    ['works there', { command: 'sh', links: { cwd: 'old/old' } }, 'runs from it'],
    ['runs a deleted program of it', { command: 'x', links: { exe: 'old/old/x (deleted)' } }, 'runs from it'],
    ['has a file of it open', { command: 'x', links: { 'fd/3': 'old/old/file' } }, 'has a file of it open'],
    [
      'of another user names it',
      { user: 4, command: 'node old/x.js', links: 'unreadable' as const },
      'names it',
    ],
    ['of this user cannot be read', { user, command: 'x', links: 'unreadable' as const }, 'may use it'],
  ])('leaves a repository while a process %s', async (_what, stub, why) => {
    const { ground } = makeMachine(['_work/old/old/file'], (root) => [
      JSON.parse(JSON.stringify({ pid: 7, ...stub }).replaceAll('old/', `${root}/_work/old/`)) as StubProcess,
    ]);
    const steps = await repositoriesItem(ground).plan(deadline());
    expect(steps[1]).toMatchObject({
      action: 'keep',
      why: expect.stringContaining(`in use: process 7 ${why}`),
    });
  });

  it('removes a repository next to processes that do not use it', async () => {
    const { root, ground } = makeMachine(['_work/old/old/file'], (own) => [
      { pid: 7, command: `sh ${own}/_work/older`, links: { cwd: `${own}/_work/older`, exe: `${own}/_work` } },
      { pid: 8, user: 4, command: 'sshd', links: 'unreadable' },
    ]);
    expect(await planOf(repositoriesItem(ground), root)).toContain('remove _work/old');
  });

  it('leaves everything while another runner uses the same work folder', async () => {
    const { top, root, ground } = makeMachine(['_work/old/old/file']);
    expect(await planOf(repositoriesItem(ground), root)).toContain('remove _work/old');
    mkdirSync(join(top, 'second'));
    writeFileSync(join(top, 'second', '.runner'), JSON.stringify({ workFolder: '../runner/_work' }));
    const steps = await repositoriesItem(ground).plan(deadline());
    expect(steps).toMatchObject([
      { action: 'keep', why: expect.stringContaining('also uses this work folder') },
    ]);
    writeFileSync(join(top, 'second', '.runner'), JSON.stringify({ workFolder: '_work' }));
    expect(await planOf(repositoriesItem(ground), root)).toContain('remove _work/old');
  });

  it('leaves what the policy protects, and stops when the disk has enough space', async () => {
    const { root, work, ground } = makeMachine([
      '_work/one/one/file',
      '_work/three/three/file',
      '_work/two/two/file',
    ]);
    const protect = [join(work, 'one/one')];
    let full = true;
    const enough = () => Promise.resolve(!full);
    const item = repositoriesItem({ ...ground, protect, enough });
    const steps = await item.plan(deadline());
    expect(steps.map(({ action }) => action)).toEqual(['keep', 'keep', 'remove', 'remove']);
    const stops = repositoriesItem({
      ...ground,
      protect,
      enough: () => Promise.resolve(readdirSync(work).length < 5),
    });
    expect(await stops.execute(steps, deadline())).toMatchObject({ removed: 1, finished: true });
    expect(readdirSync(work)).toContain('two');
    full = false;
    expect(await planOf(item, root)).toContain('keep _work/two');
  });

  it('moves a repository to the trash as a whole, and leaves the rest to the next run when the time is over', async () => {
    const { work, ground } = makeMachine(['_work/old/old/file']);
    const item = repositoriesItem(ground);
    const steps = await item.plan(deadline());
    const executeIn = (moments: number) => {
      let left = moments;
      return item.execute(steps, { ...deadline(), remaining: () => Math.max(0, (left -= 1)) });
    };
    for (const moments of [1, 2, 3]) {
      expect(await executeIn(moments)).toMatchObject({
        removed: 0,
        freedBytes: 0,
        leftovers: [],
        finished: false,
      });
      expect(readdirSync(work)).toContain('old');
    }
    expect(await executeIn(6)).toMatchObject({ removed: 0, leftovers: [], finished: false });
    expect(readdirSync(work)).not.toContain('old');
    const [own = ''] = readdirSync(join(work, '.trash'));
    expect(readdirSync(join(work, '.trash', own, '1/old/old'))).toEqual(['file']);
  });

  it('leaves a repository whose job began after the plan was made', async () => {
    const { work, ground, make } = makeMachine(['_work/old/old/file']);
    make(mappingPath('a/old'), mapping('old', ground.now - 15 * day));
    const item = repositoriesItem(ground);
    const steps = await item.plan(deadline());
    make(mappingPath('a/old'), mapping('old', ground.now));
    expect((await item.execute(steps, deadline())).leftovers[0]?.reason).toMatch(
      /changed after the plan.*0 days ago/,
    );
    expect(readdirSync(work)).toContain('old');
  });

  it('does nothing if the mappings of the runner cannot be read as a whole', async () => {
    const { top, work, ground } = makeMachine(['_work/old/old/file']);
    symlinkSync(top, join(work, '_PipelineMapping'));
    expect(await repositoriesItem(ground).plan(deadline())).toMatchObject([
      { action: 'keep', what: work, why: expect.stringContaining('is not a folder') },
    ]);
    const many = makeMachine(['_work/old/old/file']);
    for (let count = 0; count <= 5_000; count += 1)
      mkdirSync(join(many.work, '_PipelineMapping', String(count)), { recursive: true });
    expect(await repositoriesItem(many.ground).plan(deadline())).toMatchObject([
      { action: 'keep', why: expect.stringContaining('more than 5000 entries') },
    ]);
  });

  it('does nothing where processes are not visible', async () => {
    const { ground } = makeMachine(['_work/old/old/file']);
    for (const kernel of [{ platform: 'win32' as const }, { platform: 'darwin' as const }])
      expect(await repositoriesItem({ ...ground, kernel }).plan(deadline())).toMatchObject([
        { action: 'keep', why: expect.stringMatching(/not known whether it is in use/) },
      ]);
  });
});
