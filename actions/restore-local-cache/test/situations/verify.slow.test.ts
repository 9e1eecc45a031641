import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, cache, entryOf, filled, job, runner, serve, sh, show, storeOf, warnings } from './stage.ts';

const inode = (path: string) => statSync(path).ino;

function relink(path: string, to: string): void {
  rmSync(path);
  symlinkSync(to, path);
}

describe('verify', () => {
  it.each([
    ['a missing file', (entry: string) => rmSync(join(entry, 'tree-0/sub/a')), 'stat'],
    ['a short file', (entry: string) => writeFileSync(join(entry, 'tree-0/sub/a'), ''), 'stat'],
    ['a bad manifest', (entry: string) => writeFileSync(join(entry, 'inventory-0'), '{'), 'stat'],
    ['a flipped bit', (entry: string) => flip(join(entry, 'tree-0/sub/a')), 'full'],
  ])('moves an entry with %s to quarantine, and restores it from GitHub', async (_what, damage, verify) => {
    const service = await serve();
    const directory = await filled({ verify }, { env: service.env });
    const broken = inode(entryOf(directory));
    damage(entryOf(directory));
    const next = await job([cache({ verify }), show], { directory, env: service.env });
    expect(next.conclusion).toBe('success');
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    expect(warnings(next).join()).toContain('is damaged or incomplete');
    expect(readdirSync(join(storeOf(directory), 'quarantine'))).toHaveLength(1);
    expect(inode(entryOf(directory))).not.toBe(broken);
    const healed = await job([cache({ verify }), show], { directory });
    expect(healed.cache['cache-source']).toBe('local');
  });

  it('detects an entry that was changed together with its inventory, with verify: pinned', async () => {
    const service = await serve();
    const verify = 'pinned';
    const directory = await filled({ verify }, { env: service.env });
    const good = await job([cache({ verify }), show], { directory, env: service.env });
    expect(good.cache['cache-source']).toBe('local');
    const entry = entryOf(directory);
    flip(join(entry, 'tree-0/sub/a'));
    const [old, forged] = ['one\n', 'onE\n'].map((text) =>
      createHash('sha256').update(text).digest('hex'),
    ) as [string, string];
    const inventory = readFileSync(join(entry, 'inventory-0'), 'utf8');
    expect(inventory).toContain(old);
    writeFileSync(join(entry, 'inventory-0'), inventory.replace(old, forged));
    rmSync(join(entry, 'copies'), { recursive: true });
    const next = await job([cache({ verify }), show], { directory, env: service.env });
    expect(warnings(next).join()).toContain('has a pin with other content');
    expect(next.cache['cache-source']).toBe('github');
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    const healed = await job([cache({ verify }), show], { directory, env: service.env });
    expect(healed.cache['cache-source']).toBe('local');
    expect(warnings(healed)).toEqual([]);
  });

  it.each([
    ['an added file', 'symlink', (entry: string) => writeFileSync(join(entry, 'tree-0/added'), '')],
    [
      'a symlink with another target',
      'symlink',
      (entry: string) => relink(join(entry, 'tree-0/link'), 'sub'),
    ],
    [
      'a mode that makes a file executable',
      'symlink',
      (entry: string) => chmodSync(join(entry, 'tree-0/sub/a'), 0o555),
    ],
    [
      'two exchanged places',
      'auto',
      (entry: string) => {
        const text = readFileSync(join(entry, 'entry.json'), 'utf8');
        const places = ['{"path":0,"below":""}', '{"path":1,"below":""}'];
        writeFileSync(
          join(entry, 'entry.json'),
          text.replaceAll(
            /\{"path":[01],"below":""\}/g,
            (place) => places[place === places[0] ? 1 : 0] ?? '',
          ),
        );
      },
    ],
    [
      'another key',
      'auto',
      (entry: string) => {
        const text = readFileSync(join(entry, 'entry.json'), 'utf8');
        writeFileSync(join(entry, 'entry.json'), text.replace('"key":"k-1"', '"key":"k-0"'));
      },
    ],
  ])('detects %s with verify: pinned (mode: %s)', async (_what, mode, change) => {
    const service = await serve();
    const inputs = { verify: 'pinned', mode, immutable: 'deps', path: 'deps\nother', remote: 'off' };
    const more = sh('mkdir other && echo other > other/x');
    const directory = runner();
    await job([cache(inputs), build, more], { directory, env: service.env });
    const good = await job([cache(inputs), show], { directory, env: service.env });
    expect(good.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'local' });
    change(entryOf(directory));
    const again = [sh('rm -rf deps other'), cache({ ...inputs, save: 'never' })];
    const next = await job(again, { directory, env: service.env });
    expect(next.cache['cache-hit']).toBe('');
    expect(existsSync(join(next.workspace, 'deps'))).toBe(false);
  });

  it('compares entries of the shared level too, with verify: pinned', async () => {
    const [service, shared] = [await serve(), runner()];
    const inputs = { verify: 'pinned', shared };
    await filled(inputs, { env: service.env });
    const fresh = await job([cache(inputs), show], { env: service.env });
    expect(fresh.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'shared' });
    const good = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.pack'),
    );
    for (const name of good) rmSync(join(shared, name));
    await job([cache({ shared }), sh('mkdir -p deps && echo poison > deps/a')]);
    const next = await job([cache(inputs), show], { env: service.env });
    expect(warnings(next).join()).toContain('has a pin with other content');
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
  });

  it('leaves an entry in place while GitHub cannot be reached, with verify: pinned', async () => {
    const service = await serve();
    const verify = 'pinned';
    const directory = await filled({ verify }, { env: service.env });
    service.fail(503);
    for (const env of [service.env, {}]) {
      const inputs = { verify, 'lookup-timeout': '2s' };
      // The job fails afterwards, so that nothing is saved.
      const down = await job([cache(inputs), build], { directory, env, jobStatus: 'failure' });
      expect(down.steps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(down.cache['cache-hit']).toBe('');
      expect(warnings(down).join()).toContain('The pin in GitHub’s cache could not be used');
    }
    service.fail(undefined);
    const up = await job([cache({ verify }), show], { directory, env: service.env });
    expect(up.cache['cache-source']).toBe('local');
    expect(warnings(up)).toEqual([]);
  });

  it('ignores an entry without digests and saves it again with them, with verify: full', async () => {
    const directory = await filled();
    const first = await job([cache({ verify: 'full' }), build], { directory });
    expect(first.cache['cache-hit']).toBe('');
    expect(warnings(first)).toEqual([]);
    expect(first.post).toContain('saved `k-1`');
    const next = await job([cache({ verify: 'full' }), show], { directory });
    expect(next.cache['cache-source']).toBe('local');
  });
});

/** Changes one letter, and keeps size and times. */
function flip(path: string): void {
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(path, 'onE\n');
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
}
