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

describe('situation 19: what is not whole', () => {
  it.each([
    ['a missing file', (entry: string) => rmSync(join(entry, 'tree-0/sub/a')), 'stat'],
    ['a short file', (entry: string) => writeFileSync(join(entry, 'tree-0/sub/a'), ''), 'stat'],
    ['a bad manifest', (entry: string) => writeFileSync(join(entry, 'inventory-0'), '{'), 'stat'],
    ['a flipped bit', (entry: string) => flip(join(entry, 'tree-0/sub/a')), 'full'],
  ])(
    '19: an entry with %s goes to quarantine, GitHub heals it, the job is green',
    async (_what, damage, verify) => {
      const service = await serve();
      const directory = await filled({ verify }, { env: service.env });
      const broken = inode(entryOf(directory));
      damage(entryOf(directory));
      const next = await job([cache({ verify }), show], { directory, env: service.env });
      expect(next.conclusion).toBe('success');
      expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
      expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
      expect(warnings(next).join()).toContain('was not whole');
      expect(readdirSync(join(storeOf(directory), 'quarantine'))).toHaveLength(1);
      expect(inode(entryOf(directory))).not.toBe(broken);
      const healed = await job([cache({ verify }), show], { directory });
      expect(healed.cache['cache-source']).toBe('local');
    },
  );

  it('19: pinned finds an entry that was changed together with its inventory', async () => {
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
    expect(warnings(next).join()).toContain('knows it with other content');
    expect(next.cache['cache-source']).toBe('github');
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    const healed = await job([cache({ verify }), show], { directory, env: service.env });
    expect(healed.cache['cache-source']).toBe('local');
    expect(warnings(healed)).toEqual([]);
  });

  it.each([
    ['a file that was added', 'symlink', (entry: string) => writeFileSync(join(entry, 'tree-0/added'), '')],
    ['a link that leads elsewhere', 'symlink', (entry: string) => relink(join(entry, 'tree-0/link'), 'sub')],
    [
      'a mode that lets all run a file',
      'symlink',
      (entry: string) => chmodSync(join(entry, 'tree-0/sub/a'), 0o555),
    ],
    [
      'two places that were exchanged',
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
  ])('pinned covers %s (by %s)', async (_what, mode, change) => {
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

  it('pinned compares what the shared level has as well, where every branch can write', async () => {
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
    expect(warnings(next).join()).toContain('knows it with other content');
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
  });

  it('19: pinned leaves an entry where it is while GitHub cannot be asked', async () => {
    const service = await serve();
    const verify = 'pinned';
    const directory = await filled({ verify }, { env: service.env });
    service.fail(503);
    for (const env of [service.env, {}]) {
      const inputs = { verify, 'lookup-timeout': '2s' };
      // The job fails later, so that nothing is saved.
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

  it('19: verify: full passes over what was saved without digests, and saves it with them', async () => {
    const directory = await filled();
    const first = await job([cache({ verify: 'full' }), build], { directory });
    expect(first.cache['cache-hit']).toBe('');
    expect(warnings(first)).toEqual([]);
    expect(first.post).toContain('saved `k-1`');
    const next = await job([cache({ verify: 'full' }), show], { directory });
    expect(next.cache['cache-source']).toBe('local');
  });
});

/** Changes one letter, and leaves size and time as they were. */
function flip(path: string): void {
  const { atimeMs, mtimeMs } = statSync(path);
  writeFileSync(path, 'onE\n');
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
}
