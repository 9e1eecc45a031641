import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf } from '@runner-actions/host';
import { takeLock } from '../../../../packages/store/src/lock.ts';
import { describe, expect, it } from 'vitest';
import {
  action,
  build,
  cache,
  entryOf,
  filled,
  job,
  runCommand as run,
  runner,
  show,
  storeOf,
} from './stage.ts';

describe('the separate actions restore, save and store', () => {
  it('restore and save work as those of actions/cache', async () => {
    const directory = runner();
    const restore = cache({}, 'restore');
    const key = { key: 'k-1' };
    const first = await job(
      [restore, build, { action: join(action, 'save'), with: { path: 'deps', ...key } }, show],
      { directory },
    );
    expect(first.cache).toMatchObject({ 'cache-hit': '', 'cache-primary-key': 'k-1' });
    expect(first.steps[2]?.stdout).toContain('saved `k-1`');
    expect(first.steps[3]?.stdout).toBe('one\ntwo\n');
    expect(lstatSync(join(first.workspace, 'deps/sub/a')).isFile()).toBe(true);
    const next = await job([restore, show], { directory });
    expect(next.cache['cache-hit']).toBe('true');
    expect(next.post).toContain('nothing saved (the key was found)');
    const other = await job([cache({ key: 'k-2' }, 'restore'), build], { directory });
    expect(other.post).toContain("nothing saved ('save' is 'never')");
    const again = await job([build, { action: join(action, 'save'), with: { path: 'deps', ...key } }], {
      directory,
    });
    expect(again.steps[1]?.stdout).toContain('nothing saved (the key already exists)');
    expect(again.conclusion).toBe('success');
  });

  it('the store command reports the content and checks it', async () => {
    const directory = await filled();
    const root = storeOf(directory);
    const stats = await run(['stats', '--root', root]);
    expect(stats).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/1 entry, 8 B; 0 ready copies.*\n.*octo\/app: 1 entry, 8 B/) as string,
    });
    expect((await run(['fsck', '--root', root, '--full'])).stdout).toContain(
      '1 entry and 0 ready copies checked with their content: 0 problems',
    );
    writeFileSync(join(entryOf(directory), 'tree-0/sub/a'), '');
    const dry = await run(['fsck', '--root', root, '--dry-run']);
    expect(dry).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('"k-1": sub/a has 0 bytes, not 4 (nothing)') as string,
    });
    expect(await run(['fsck', '--root', root])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('(quarantined)') as string,
    });
    expect(await run(['fsck', '--root', root])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(': 0 problems') as string,
    });
  });

  it.each([
    [[], 2, /No command was given\. Use one of stats, gc, prune, fsck/],
    [['burn', '--root', '/tmp/x'], 2, /'command' is 'burn': expected one of/],
    [['gc', '--force'], 2, /Unknown option '--force'.*Options are --root/],
    [['prune', '--root', '/tmp'], 2, /prune needs a filter/],
    [['stats'], 2, /No store was specified/],
    [['stats', '--root', 'cache'], 2, /The store's root 'cache' is relative/],
    [['gc', '--root', '/no/such/store'], 1, /There is no store in \/no\/such\/store\./],
    [['gc', '--root', '/tmp/x', '--max-age', 'old'], 2, /'max-age' is 'old': expected a duration/],
  ])('the store command refuses the arguments %j', async (args, code, message) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([code, '']);
    expect(stderr).toMatch(message);
  });

  it('prune and gc exit with 1 while another process is evicting', async () => {
    const root = storeOf(await filled());
    const holder = { owner: ownerOf(process.pid), job: 'other', purpose: 'eviction' };
    takeLock(join(root, 'locks', 'collect'), holder);
    expect(await run(['prune', '--root', root, '--key', 'k-'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Nothing was pruned. Run prune again.') as string,
    });
    expect(await run(['gc', '--root', root])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('Another process is evicting') as string,
    });
  });

  it('the store action sets outputs and writes a report', async () => {
    const directory = await filled();
    const step = { action: join(action, 'store'), id: 'cache', with: { command: 'gc', 'dry-run': 'true' } };
    const { cache: outputs } = await job([step], { directory });
    expect(outputs).toMatchObject({ 'store-bytes': '8', 'freed-bytes': '0', problems: '0' });
    expect(JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8'))).toMatchObject({
      version: 1,
      command: 'gc',
      evicted: [],
    });
  });
});
