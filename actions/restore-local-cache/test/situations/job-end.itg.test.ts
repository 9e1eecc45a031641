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
  leftovers,
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

describe('end of a job', () => {
  it('three runners save one key at the same time, and none fails', async () => {
    const root = join(mkdtempSync(join(tmpdir(), 'shared-')), 'store');
    const jobs = await Promise.all([1, 2, 3].map(() => job([cache({ root }), build])));
    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
    expect(jobs.flatMap(warnings)).toEqual([]);
    const next = await job([cache({ root }), show]);
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    expect(readdirSync(join(root, 'staging'))).toEqual([]);
  });

  it('gives the files of the first job to the second one by a rename (lease)', async () => {
    const directory = await filled();
    const first = await job([cache(), sh('ls -i deps/sub/a')], { directory });
    expect(first.cache).toMatchObject({ mode: expect.stringMatching(/copy|reflink/) as string });
    expect(first.post).toMatch(/the copy is ready for the next job, checked in/);
    const second = await job([cache(), sh('ls -i deps/sub/a')], { directory });
    expect(second.cache).toMatchObject({ 'cache-hit': 'true', mode: 'lease' });
    expect(second.steps[1]?.stdout).toBe(first.steps[1]?.stdout);
    expect(report(second.cache)).toMatchObject({ checkedIn: { outcome: 'clean' } });
    expect(leftovers(directory)).toEqual([]);
  });

  it.each(['failure', 'cancelled'] as const)(
    'drops only the copy of a job that ends with %s',
    async (jobStatus) => {
      const directory = await filled();
      const { post } = await job([cache(), sh('echo poison > deps/sub/a')], { directory, jobStatus });
      expect(post).toContain('the copy of this job was dropped: the job did not succeed');
      expect(ready(directory)).toEqual([]);
      const next = await job([cache(), show], { directory });
      expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    },
  );

  it('repairs what a job changed in its copy', async () => {
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
    ['put a symlink in its place', 'rm -rf deps; ln -s /etc deps', true],
  ])('warns a job that %s, and follows no symlink', async (_what, script, isLink) => {
    const directory = await filled();
    const result = await job([cache(), sh(script)], { directory });
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toContain('the job removed or replaced it');
    expect(keysIn(directory)).toEqual(['k-1']);
    const missed = await job([cache({ key: 'k-2' }), sh(script)], { directory });
    if (isLink) expect(warnings(missed).join()).toContain('is a symlink');
    expect(readdirSync('/etc').length).toBeGreaterThan(0);
    const next = await job([cache(), sh('cat deps/link || readlink deps')], { directory });
    const told = warnings(next).filter((text) =>
      text.endsWith('deps is a symlink. It is left unchanged, which counts as a miss.'),
    );
    expect(told).toHaveLength(isLink ? 1 : 0);
    expect(next.steps[1]?.stdout).toBe(isLink ? '/etc\n' : 'one\n');
  });

  it('replaces or merges existing files in the target, or fails, as on-existing says', async () => {
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
    expect(warnings(failed).join()).toMatch(/deps is not empty, and 'on-existing' is 'fail'/);
    const empty = await job([sh('rm -rf deps; mkdir deps'), cache({ 'on-existing': 'fail' }), show], {
      directory,
    });
    expect(empty.conclusion).toBe('success');
    expect(leftovers(directory)).toEqual([]);
  });

  it.each(['.', '..', '/', '~', '.git', '.git/hooks', '../../_runner-actions-cache'])(
    'refuses the path %s',
    async (path) => {
      const result = await job([cache({ path })]);
      expect(result.conclusion).toBe('failure');
      expect(warnings(result)[0]).toContain("Input 'path' has");
    },
  );

  it.skipIf(!hasOtherDisk)(
    'copies when the store is on another file system, and logs the reason',
    async () => {
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
    },
  );

  const full = sh('mkdir -p deps && head -c 3000000 /dev/zero > deps/large');
  it.skipIf(!mayMount)(
    'succeeds when the disk of the store is full, and keeps the files of the job',
    async () => {
      const root = mkdtempSync(join(tmpdir(), 'disk-'));
      const wrap = withSmallDisk(root, '1m') ?? [];
      const result = await job([cache({ root }), full], { wrap });
      expect(result.conclusion).toBe('success');
      expect(warnings(result).join()).toMatch(/Nothing was saved to the local store: ENOSPC/);
      expect(lstatSync(join(result.workspace, 'deps/large')).size).toBe(3_000_000);
    },
  );

  it.skipIf(!mayMount)('restores from a read-only store, and warns when it cannot save there', async () => {
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
  });

  it('warns once in each phase when the store cannot be used, and succeeds', async () => {
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

  it.skipIf(!mayMount)(
    'reports a miss and leaves no partial files when the disk is full during a restore',
    async () => {
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
    },
  );

  it('does nothing in post when main saved no state', async () => {
    const early = await job([cache({ key: '' }), build]);
    expect(early.conclusion).toBe('failure');
    expect(early.posts[0]).toMatchObject({ exitCode: 0, stdout: '' });
    expect(existsSync(storeOf(early.directory))).toBe(false);
    writeFileSync(join(early.workspace, 'x'), '');
    expect(readFileSync(join(action, 'action.yml'), 'utf8')).toContain('post-if: always()');
  });
});
