import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markerName } from '../../../../packages/store/src/marker.ts';
import { type JobStep, withPolicy } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, build, cache, filled, job, keysIn, runCommand, runner, storeOf, warnings } from './stage.ts';

const list = (root: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

/** Creates the folder of a website, with some names that a store has too. */
function site(): string {
  const root = mkdtempSync(join(tmpdir(), 'site-'));
  for (const path of ['staging', 'locks', 'leases/octo']) mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, 'staging/index.html'), 'next');
  writeFileSync(join(root, 'index.html'), 'now');
  // Older than any file that a running job could have there.
  const before = new Date(Date.now() - 30 * 24 * 3_600_000);
  for (const path of list(root)) utimesSync(join(root, path), before, before);
  return root;
}

const untouched = list(site());
const commands = [['stats'], ['gc'], ['prune', '--older-than', '0s'], ['fsck']];
/** A private copy of `/etc`, in case a test would use it as a store. */
const ownEtc = withPolicy('');
const part = (name: string, inputs: Record<string, string>): JobStep => ({
  action: join(action, name),
  id: 'cache',
  with: inputs,
});

describe('a root that is not a store', () => {
  it.each([
    ['the whole action', (root: string) => cache({ root })],
    ['restore', (root: string) => cache({ root }, 'restore')],
    ['save', (root: string) => part('save', { path: 'deps', key: 'k-1', root })],
    ['store', (root: string) => part('store', { command: 'gc', root })],
  ])('fails the step when the input names it: %s', async (_name, step) => {
    const root = site();
    const result = await job([build, step(root)]);
    expect(result.conclusion).toBe('failure');
    expect(warnings(result).join('\n')).toMatch(/is not empty and is not a store.*Choose an empty folder/);
    expect(list(root)).toEqual(untouched);
  });

  it.skipIf(ownEtc === undefined).each(['cache', './cache', '/etc', '/etc/cache'])(
    'fails the step for the root %s',
    async (root) => {
      const { conclusion, steps } = await job([cache({ root }), build], { wrap: ownEtc ?? [] });
      expect(conclusion).toBe('failure');
      expect(steps[0]?.annotations[0]?.message).toMatch(
        /^Input 'root': The store's root .*(relative|a folder of the system)/,
      );
    },
  );

  it.skipIf(ownEtc === undefined)('is refused by each store command if it is /etc', () => {
    for (const args of commands) {
      const [file = '', ...rest] = [
        ...(ownEtc ?? []),
        process.execPath,
        join(action, 'dist/store.js'),
        ...args,
      ];
      const { status, stderr } = spawnSync(file, [...rest, '--root', '/etc'], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      });
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining('is a folder of the system, /etc') as string,
      ]);
    }
  });

  it('fails the step if it is in the workspace or contains it, because a checkout could contain a store', async () => {
    const directory = runner();
    for (const root of ['_work/app/app/.cache', '_work/app', '_work/app/app'].map((path) =>
      join(directory, path),
    )) {
      mkdirSync(join(root, '..'), { recursive: true });
      const result = await job([cache({ root })], { directory });
      expect(result.conclusion).toBe('failure');
      expect(warnings(result).join()).toMatch(
        /is in the workspace|contains the workspace|is not empty and is not a store/,
      );
    }
    const fetched = '_work/app/app/brought';
    mkdirSync(join(directory, fetched), { recursive: true });
    writeFileSync(join(directory, fetched, markerName), '{"runner-actions":"store","version":1}');
    const result = await job([cache({ root: join(directory, fetched) })], { directory });
    expect(warnings(result).join()).toMatch(/is in the workspace/);
  });

  it('is a warning and a miss if RUNNER_ACTIONS_CACHE names it', async () => {
    const root = site();
    const result = await job([cache(), build], { env: { RUNNER_ACTIONS_CACHE: root } });
    expect(result.conclusion).toBe('success');
    expect(result.cache).toMatchObject({ 'cache-hit': '', 'cache-source': 'none' });
    expect(warnings(result)).toEqual([
      expect.stringMatching(/The local store could not be used.*is not empty and is not a store/),
    ]);
    expect(list(root)).toEqual(untouched);
    const relative = await job([cache(), build], { env: { RUNNER_ACTIONS_CACHE: 'cache' } });
    expect([relative.conclusion, warnings(relative).length]).toEqual(['success', 1]);
    expect(warnings(relative)[0]).toContain('is relative');
  });

  it.skipIf(withPolicy('') === undefined)(
    'is a warning and a miss if the machine policy names it',
    async () => {
      const root = site();
      const wrap = withPolicy(`cache: { root: ${root} }\n`) ?? [];
      const result = await job([cache(), build], { wrap });
      expect(result.conclusion).toBe('success');
      expect(warnings(result)).toEqual([expect.stringMatching(/is not empty and is not a store/)]);
      expect(list(root)).toEqual(untouched);
    },
  );

  it('is a warning and a miss if it is at the default path', async () => {
    const directory = runner();
    mkdirSync(storeOf(directory), { recursive: true });
    writeFileSync(join(storeOf(directory), 'notes'), '');
    const result = await job([cache(), build], { directory });
    expect(result.conclusion).toBe('success');
    expect(warnings(result)).toEqual([expect.stringMatching(/contains notes/)]);
    expect(readdirSync(storeOf(directory))).toEqual(['notes']);
  });

  it('is refused by each store command, and none creates a store', async () => {
    const root = site();
    for (const args of commands) {
      const said = await runCommand([...args, '--root', root]);
      expect([said.status, said.stdout]).toEqual([1, '']);
      expect(said.stderr).toMatch(/is not empty and is not a store/);
    }
    expect(list(root)).toEqual(untouched);
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));
    for (const args of commands)
      expect(await runCommand([...args, '--root', empty])).toMatchObject({ status: 1 });
    expect(readdirSync(empty)).toEqual([]);
  });

  it('succeeds without creating a store if the machine has none yet (store action)', async () => {
    const directory = runner();
    const result = await job([part('store', { command: 'gc' })], { directory });
    expect(result.conclusion).toBe('success');
    expect(result.cache).toMatchObject({ 'store-bytes': '0', problems: '0' });
    expect(result.steps[0]?.stdout).toContain('There is no store in');
    expect(readdirSync(join(directory, '_work'))).not.toContain('_runner-actions-cache');
  });
});

describe('the marker file of a store', () => {
  it('is created in a store without one, by a job and by the store command', async () => {
    const directory = await filled();
    const mark = join(storeOf(directory), markerName);
    rmSync(mark);
    expect(await runCommand(['stats', '--root', storeOf(directory)])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 entry') as string,
    });
    expect(readFileSync(mark, 'utf8')).toContain('"version":1');
    rmSync(mark);
    const next = await job([cache()], { directory });
    expect(next.cache['cache-hit']).toBe('true');
    expect(warnings(next)).toEqual([]);
    expect(keysIn(directory)).toEqual(['k-1']);
  });

  it('causes a warning and a miss if it was written by a newer version', async () => {
    const directory = await filled();
    writeFileSync(join(storeOf(directory), markerName), '{"runner-actions":"store","version":2}');
    const next = await job([cache(), build], {
      directory,
      env: { RUNNER_ACTIONS_CACHE: storeOf(directory) },
    });
    expect(next.conclusion).toBe('success');
    expect(next.cache['cache-hit']).toBe('');
    expect(warnings(next).join()).toMatch(/created by a newer version of Runner Actions/);
    expect(await runCommand(['gc', '--root', storeOf(directory)])).toMatchObject({ status: 3 });
  });
});
