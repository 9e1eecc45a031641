import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toolCacheItem } from '../../src/items/tool-cache-io.ts';
import { compareVersions, judgeTools, variableFor } from '../../src/items/tool-cache.ts';
import { day, deadline, makeMachine, planOf, runItem } from './runner-world.ts';

describe('versions', () => {
  it('are compared as numbers, with pre-releases before the release', () => {
    const sorted = ['1.9.0', '1.10.0-beta.2', '1.10.0-beta.11', '1.10.0', '1.10.1', '11'];
    expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
    expect(compareVersions('17.0.1-9', '17.0.1-10')).toBeLessThan(0);
    expect(compareVersions('v2.0', '1.9')).toBeGreaterThan(0);
  });
});

describe('a version of a tool', () => {
  const tool = (version: string, completed: number | undefined, change = {}) => ({
    ...{ tool: 'node', version, arch: 'x64', completed, whyKept: undefined, ...change },
  });
  const judge = (...found: ReturnType<typeof tool>[]) =>
    judgeTools(found, 100 * day, 14 * day).map(({ action }) => action);

  it('may go if its marker is old, but never the newest version nor the one that was installed last', () => {
    expect(judge(tool('18.0.0', day), tool('20.0.0', day), tool('22.0.0', 0))).toEqual([
      'keep',
      'keep',
      'keep',
    ]);
    expect(judge(tool('18.0.0', day), tool('20.0.0', 2 * day), tool('22.0.0', 0))).toEqual([
      'remove',
      'keep',
      'keep',
    ]);
    expect(judge(tool('18.0.0', day))).toEqual(['keep']);
    expect(judge(tool('18.0.0', day), tool('20.0.0', 99 * day, { arch: 'arm64' }))).toEqual(['keep', 'keep']);
  });

  it('stays without a marker, with a new marker, and for another reason', () => {
    const newest = tool('22.0.0', 99 * day);
    expect(judge(tool('18.0.0', undefined), newest)[0]).toBe('keep');
    expect(judge(tool('18.0.0', 90 * day), newest)[0]).toBe('keep');
    expect(judge(tool('18.0.0', day, { whyKept: 'in use' }), newest)[0]).toBe('keep');
    expect(judge(tool('18.0.0', day), newest)[0]).toBe('remove');
  });

  it('is used by a variable whose value names it anywhere', () => {
    const folders = ['/tools/node/20.1.0/x64'];
    expect(variableFor(folders, { PATH: '/bin:/tools/node/20.1.0/x64/bin' })).toBe('PATH');
    expect(variableFor(folders, { JAVA_HOME: '/tools/node/20.1.0/x64' })).toBe('JAVA_HOME');
    expect(variableFor(folders, { CFLAGS: '-I/tools/node/20.1.0/x64/include' })).toBe('CFLAGS');
    expect(variableFor(folders, { RUNNER_TOOL_CACHE: '/tools', X: undefined })).toBeUndefined();
  });
});

describe('tool-cache', () => {
  const version = (name: string) => [`_work/_tool/${name}/bin/x`, `_work/_tool/${name}.complete`];
  const files = ['node/18.0.0/x64', 'node/20.0.0/x64', 'node/22.0.0/x64', 'go/1.20.0/x64'].flatMap(version);
  const own = { environment: {} };
  const removals = async (ground: Parameters<typeof toolCacheItem>[0], root: string) =>
    (await planOf(toolCacheItem(ground), root)).filter((step) => step.startsWith('remove'));

  it('removes old versions with their markers, and leaves the newest of each tool', async () => {
    const { root, work, ground } = makeMachine([
      ...files,
      ...version('node/18.0.0/arm64'),
      '_work/_tool/node/17.0.0/x64/x',
    ]);
    symlinkSync('/etc', join(work, '_tool/node/16.0.0'));
    const item = toolCacheItem({ ...ground, ...own });
    expect(await removals({ ...ground, ...own }, root)).toEqual([
      ...['remove _work/_tool/node/18.0.0/x64', 'remove _work/_tool/node/20.0.0/x64'],
    ]);
    expect(await runItem(item)).toMatchObject({ removed: 2, leftovers: [], finished: true });
    expect(readdirSync(join(work, '_tool/node')).sort()).toEqual(['16.0.0', '17.0.0', '18.0.0', '22.0.0']);
    expect(readdirSync(join(work, '_tool/node/18.0.0')).sort()).toEqual(['arm64', 'arm64.complete']);
  });

  it('leaves a version that this job or a process uses', async () => {
    const { root, ground } = makeMachine(files, (folder) => [
      { pid: 7, command: 'x', links: { exe: `${folder}/_work/_tool/node/18.0.0/x64/bin/x` } },
    ]);
    const environment = { NODE_ROOT: join(root, '_work/_tool/node/20.0.0/x64') };
    expect(await removals({ ...ground, ...own, environment }, root)).toEqual([]);
    expect(await removals({ ...ground, ...own }, root)).toEqual(['remove _work/_tool/node/20.0.0/x64']);
  });

  it('leaves a tool cache outside of the runner, which others may use', async () => {
    const { top, ground, make } = makeMachine([]);
    for (const file of files) make(file.replace('_work', '..'));
    const shared = { ...ground, ...own, folders: { ...ground.folders, tools: join(top, '_tool') } };
    expect(await toolCacheItem(shared).plan(deadline())).toMatchObject([
      { action: 'keep', what: join(top, '_tool'), why: expect.stringContaining('others may use it') },
    ]);
  });

  it('goes on with a version that a clean-up has only removed in part', async () => {
    const { root, ground, make } = makeMachine([]);
    for (const file of files) make(file.replace('_work/_tool', 'tools'));
    const beside = { ...ground, ...own, folders: { ...ground.folders, tools: join(root, 'tools') } };
    const item = toolCacheItem(beside);
    const steps = (await item.plan(deadline())).filter(({ what }) => what.endsWith('18.0.0/x64'));
    let moments = 3;
    const short = { ...deadline(), remaining: () => Math.max(0, (moments -= 1)) };
    expect(await item.execute(steps, short)).toMatchObject({ removed: 0, finished: false });
    expect(readdirSync(join(root, 'tools/node/18.0.0'))).toEqual(['x64.being-removed-by-runner-actions']);
    expect(await runItem(toolCacheItem(beside))).toMatchObject({ removed: 2, leftovers: [], finished: true });
    expect(readdirSync(join(root, 'tools/node'))).toEqual(['22.0.0']);
    expect(existsSync(join(root, '_work/.trash'))).toBe(false);
  });

  it('leaves the cache of this runner while another one uses its work folder', async () => {
    const { top, root, ground, make } = makeMachine(files);
    mkdirSync(join(top, 'second'));
    make('../second/.runner', JSON.stringify({ workFolder: '../runner/_work' }));
    expect(await removals({ ...ground, ...own }, root)).toEqual([]);
    rmSync(join(top, 'second'), { recursive: true });
    expect(await removals({ ...ground, ...own }, root)).toHaveLength(2);
  });

  it('leaves a version that is installed again after the plan was made', async () => {
    const { root, ground, make } = makeMachine(files);
    const item = toolCacheItem({ ...ground, ...own });
    const steps = await item.plan(deadline());
    rmSync(join(root, '_work/_tool/node/18.0.0/x64'), { recursive: true });
    make('_work/_tool/node/18.0.0/x64/bin/new');
    expect((await item.execute(steps, deadline())).leftovers).toMatchObject([
      { reason: expect.stringContaining('changed after the plan') },
    ]);
    expect(existsSync(join(root, '_work/_tool/node/18.0.0/x64.complete'))).toBe(true);
  });
});
