import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchJob, withReadOnly, withSmallDisk } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  action,
  build,
  cache,
  debris,
  entryOf,
  filled,
  job,
  keysIn,
  report,
  runner,
  sh,
  show,
  storeOf,
  warnings,
  hasOtherDisk,
  mayMount,
} from './stage.ts';

const ready = (directory: string): string[] => {
  const copies = join(entryOf(directory), 'copies');
  return existsSync(copies) ? readdirSync(copies) : [];
};

describe('situations 9 to 18: how a job ends', () => {
  it('9: three agents save one key at once: one wins, none fails', async () => {
    const root = join(mkdtempSync(join(tmpdir(), 'shared-')), 'store');
    const jobs = await Promise.all([1, 2, 3].map(() => job([cache({ root }), build])));
    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
    expect(jobs.flatMap(warnings)).toEqual([]);
    const next = await job([cache({ root }), show]);
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    expect(readdirSync(join(root, 'staging'))).toEqual([]);
  });

  it('a lease: the second job gets the files of the first by a rename', async () => {
    const directory = await filled();
    const first = await job([cache(), sh('ls -i deps/sub/a')], { directory });
    expect(first.cache).toMatchObject({ mode: expect.stringMatching(/copy|reflink/) as string });
    expect(first.post).toMatch(/the copy is ready for the next job, checked in/);
    const second = await job([cache(), sh('ls -i deps/sub/a')], { directory });
    expect(second.cache).toMatchObject({ 'cache-hit': 'true', mode: 'lease' });
    expect(second.steps[1]?.stdout).toBe(first.steps[1]?.stdout);
    expect(report(second.cache)).toMatchObject({ checkedIn: { outcome: 'clean' } });
    expect(debris(directory)).toEqual([]);
  });

  it.each(['failure', 'cancelled'] as const)(
    '12: a job that ends as %s loses its copy, and nothing else',
    async (jobStatus) => {
      const directory = await filled();
      const { post } = await job([cache(), sh('echo poison > deps/sub/a')], { directory, jobStatus });
      expect(post).toContain('the copy of this job was dropped: the job did not succeed');
      expect(ready(directory)).toEqual([]);
      const next = await job([cache(), show], { directory });
      expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    },
  );

  it('13: what a job changed in its copy is repaired', async () => {
    const directory = await filled();
    const spoil = sh('echo changed > deps/sub/a; echo added > deps/added; true');
    const { post } = await job([cache(), spoil], { directory });
    expect(post).toMatch(/repaired in .*: 1 changed or removed, 1 added/);
    const next = await job([cache(), sh('cat deps/sub/a; ls deps')], { directory });
    expect(next.cache['mode']).toBe('lease');
    expect(next.steps[1]?.stdout).toBe('one\nb c\nlink\nsub\n');
  });

  it.each([
    ['removed it, as git clean does', 'rm -rf deps', false],
    ['put a file in its place', 'rm -rf deps; echo mine > deps', false],
    ['put a link in its place', 'rm -rf deps; ln -s /etc deps', true],
  ])('14: a job that %s is warned, and nothing follows a link', async (_what, script, isLink) => {
    const directory = await filled();
    const result = await job([cache(), sh(script)], { directory });
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toContain('the job removed or replaced it');
    expect(keysIn(directory)).toEqual(['k-1']);
    const missed = await job([cache({ key: 'k-2' }), sh(script)], { directory });
    if (isLink) expect(warnings(missed).join()).toContain('is a link');
    expect(readdirSync('/etc').length).toBeGreaterThan(0);
    const next = await job([cache(), sh('cat deps/link || readlink deps')], { directory });
    const told = warnings(next).filter((text) =>
      text.endsWith('deps is a link, which is left alone: a miss.'),
    );
    expect(told).toHaveLength(isLink ? 1 : 0);
    expect(next.steps[1]?.stdout).toBe(isLink ? '/etc\n' : 'one\n');
  });

  it('15: what is in the target is replaced, merged with, or an error', async () => {
    const directory = await filled();
    const stale = sh('rm -rf deps; mkdir deps; echo stale > deps/stale; echo old > "deps/b c"');
    const replaced = await job([stale, cache(), sh('ls deps')], { directory });
    expect(replaced.steps[2]?.stdout).toBe('b c\nlink\nsub\n');
    const merged = await job([stale, cache({ 'on-existing': 'merge' }), sh('ls deps; cat "deps/b c"')], {
      directory,
    });
    expect(merged.steps[2]?.stdout).toBe('b c\nlink\nstale\nsub\ntwo\n');
    const failed = await job([stale, cache({ 'on-existing': 'fail' }), show], { directory });
    expect(failed.conclusion).toBe('failure');
    expect(warnings(failed).join()).toMatch(/deps is not empty, and 'on-existing' is fail/);
    const empty = await job([sh('rm -rf deps; mkdir deps'), cache({ 'on-existing': 'fail' }), show], {
      directory,
    });
    expect(empty.conclusion).toBe('success');
    expect(debris(directory)).toEqual([]);
  });

  it.each(['.', '..', '/', '~', '.git', '.git/hooks', '../../_runner-actions-cache'])(
    '15: %s is refused',
    async (path) => {
      const result = await job([cache({ path })]);
      expect(result.conclusion).toBe('failure');
      expect(warnings(result)[0]).toContain("Input 'path' has");
    },
  );

  it.skipIf(!hasOtherDisk)('16: a store on another file system copies, and says so', async () => {
    const root = mkdtempSync('/dev/shm/store-');
    const directory = runner();
    await job([cache({ root }), build], { directory });
    const next = await job([cache({ root }), show, sh('ls -A')], { directory });
    rmSync(root, { recursive: true });
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'local' });
    expect(next.steps[0]?.stdout).toMatch(
      /by (copy|reflink) \(no lease: the store and the target are on different file systems\)/,
    );
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    expect(next.steps[2]?.stdout).toBe('deps\n');
  });

  const full = sh('mkdir -p deps && head -c 3000000 /dev/zero > deps/large');
  it.skipIf(!mayMount)('17: a store that is full leaves the job green and nothing behind', async () => {
    const root = mkdtempSync(join(tmpdir(), 'disk-'));
    const wrap = withSmallDisk(root, '1m') ?? [];
    const result = await job([cache({ root }), full], { wrap });
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toMatch(/Nothing was saved to the local store: ENOSPC/);
    expect(lstatSync(join(result.workspace, 'deps/large')).size).toBe(3_000_000);
  });

  it.skipIf(!mayMount)(
    '17: a store that may only be read serves, takes nothing, and harms nobody',
    async () => {
      const root = join(mkdtempSync(join(tmpdir(), 'disk-')), 'store');
      await job([cache({ root }), build]);
      const wrap = withReadOnly(root) ?? [];
      const hit = await job([cache({ root }), show], { wrap });
      expect(hit.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'local' });
      expect(hit.steps[1]?.stdout).toBe('one\ntwo\n');
      const link = await job([cache({ root, mode: 'symlink', immutable: 'deps' }), show], { wrap });
      expect(link.cache).toMatchObject({ 'cache-hit': 'true', mode: 'copy' });
      expect([warnings(hit), warnings(link)]).toEqual([[], []]);
      const miss = await job([cache({ root, key: 'new' }), build], { wrap });
      expect(miss.conclusion).toBe('success');
      expect(warnings(miss).join()).toMatch(/Nothing was saved to the local store.*is read-only/);
    },
  );

  it('17: a store that cannot be used is one warning in each phase, and the job is green', async () => {
    const root = mkdtempSync(join(tmpdir(), 'open-'));
    chmodSync(root, 0o777);
    const result = await job([cache({ root }), build]);
    expect(result.conclusion).toBe('success');
    const why = `The store ${root} can be written by other users. Remove that permission: chmod 700, or 2770.`;
    expect(warnings(result)).toEqual([
      `The local store could not be used, which counts as a miss: ${why}`,
      `Nothing was saved to the local store: ${why}`,
    ]);
  });

  it.skipIf(!mayMount)('18: a full disk while restoring is a miss that leaves nothing', async () => {
    const directory = runner();
    const root = mkdtempSync(join(tmpdir(), 'store-'));
    await job([cache({ root }), full], { directory });
    const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
    const wrap = withSmallDisk(workspace, '1m') ?? [];
    const list = { ...cache({ root }), id: 'cache' };
    const result = await launchJob({ steps: [list], directory, workspace, wrap });
    expect(result.conclusion).toBe('success');
    expect(result.steps[0]?.outputs).toMatchObject({ 'cache-hit': '', 'cache-source': 'none' });
    expect(warnings(result).join()).toContain('ENOSPC');
    expect(readdirSync(join(root, 'staging'))).toEqual([]);
  });

  it('38: post without what main leaves does nothing', async () => {
    const early = await job([cache({ key: '' }), build]);
    expect(early.conclusion).toBe('failure');
    expect(early.posts[0]).toMatchObject({ exitCode: 0, stdout: '' });
    expect(existsSync(storeOf(early.directory))).toBe(false);
    writeFileSync(join(early.workspace, 'x'), '');
    expect(readFileSync(join(action, 'action.yml'), 'utf8')).toContain('post-if: always()');
  });
});
