import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { withReadOnly } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import {
  build,
  cache,
  filled,
  hosted,
  job,
  keysIn,
  mayMount,
  runner,
  serve,
  sh,
  show,
  storeOf,
  warnings,
} from './stage.ts';

/** Replaces the archive that a machine saved to the shared level for these paths. */
async function withArchive(
  path: string,
  make: string,
  lines: unknown[][],
  trees: [number, string][],
): Promise<string> {
  const shared = mkdtempSync(join(tmpdir(), 'shared-'));
  await job([cache({ shared, path }), sh(make)]);
  const pack = execFileSync('find', [shared, '-name', '*.pack'], { encoding: 'utf8' }).trim();
  const header = {
    pack: 1,
    key: 'k-1',
    createdAt: 0,
    digests: false,
    trees: trees.map(([place, below]) => ({ place: { path: place, below }, items: 1 })),
  };
  const text = [header, ...lines].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(pack, zstdCompressSync(Buffer.from(`${text.join('')}end\n`)));
  return shared;
}

const file = (content: string) =>
  ['file', '', 0o644, 0, 0, ''].map((one, index) => (index === 3 ? content.length : one));

describe('untrusted archives, with globs', () => {
  it.each([
    ['that no path matches', [[0, 'Makefile']], 'outside of the paths'],
    ['above the folder', [[0, '../evil.bin']], 'outside of the paths'],
    [
      'twice',
      [
        [0, 'a.bin'],
        [0, 'a.bin'],
      ],
      'within another',
    ],
  ] as [string, [number, string][], string][])(
    'restore nothing to a place %s',
    async (_what, trees, message) => {
      const lines = trees.map(() => file(''));
      const shared = await withArchive('*.bin', 'echo x > one.bin', lines, trees);
      const mine = sh('echo mine > Makefile');
      // Keeping the entry would prevent saving a better one under its key.
      const look = sh('cat Makefile; ls -A; find ../../_runner-actions-cache -name entry.json');
      const next = await job([mine, cache({ shared, path: '*.bin' }), look]);
      expect(next.conclusion).toBe('success');
      expect(warnings(next).join()).toContain(message);
      expect(next.steps[2]?.stdout).toBe('mine\nMakefile\n');
    },
  );

  it('restore nothing when the root of a tree is a symlink', async () => {
    const link = ['link', '', 0o777, 0, 0, '..'];
    const shared = await withArchive(
      'deps/*',
      'mkdir deps; echo x > deps/x',
      [link, file('')],
      [
        [0, 'l1'],
        [0, 'l2'],
      ],
    );
    const next = await job([cache({ shared, path: 'deps/*' }), sh('ls -A')]);
    expect(warnings(next).join()).toContain('its root is a link');
    expect(next.steps[1]?.stdout).toBe('');
  });
});

describe('globs', () => {
  it('match as in actions/cache: names that start with a dot, and the outer one of nested folders', async () => {
    const make =
      'mkdir -p a/node_modules/x/node_modules b/node_modules; echo 1 > a/node_modules/x/node_modules/f; echo 2 > b/node_modules/.rc; mkdir deps; echo 3 > deps/.hidden';
    const path = '**/node_modules\ndeps/*';
    const { directory } = await job([cache({ path }), sh(make)]);
    expect(keysIn(directory)).toEqual(['k-1']);
    for (let round = 0; round < 2; round += 1) {
      const next = await job(
        [cache({ path }), sh('cat a/node_modules/x/node_modules/f b/node_modules/.rc deps/.hidden')],
        { directory },
      );
      expect(next.conclusion).toBe('success');
      expect(next.steps[1]?.stdout).toBe('1\n2\n3\n');
    }
  });

  it('restore thousands of matches', async () => {
    const { directory } = await job([
      cache({ path: 'deps/*' }),
      sh('mkdir deps && cd deps && seq 2000 | xargs touch'),
    ]);
    const next = await job([cache({ path: 'deps/*' }), sh('ls deps | wc -l')], { directory });
    expect(next.steps[1]?.stdout.trim()).toBe('2000');
  });
});

/** Starts a forward proxy that records the requests through it, and sends all of them to one server. */
async function startProxy(
  target: string,
): Promise<{ url: string; seen: string[]; stop(): Promise<unknown> }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? '');
    // Use a new connection for each request: the server could close a kept one.
    const { pathname, search } = new URL(request.url ?? '');
    const onward = forward(
      new URL(`${pathname}${search}`, target),
      { method: request.method, headers: request.headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', (error) => response.destroy(error));
    request.pipe(onward);
  });
  server.on('connect', (request, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`);
    const onward = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise((stopped) => server.close(stopped));
  };
  return { url: `http://127.0.0.1:${port}`, seen, stop };
}

describe('HTTP proxy', () => {
  it('is used for lookups, uploads and downloads of GitHub’s cache', async () => {
    // No name server resolves hosts that end in `.test`: only the proxy reaches the service.
    const service = await serve({ signBlob: (id) => `http://cache.test/blob/${id}?sig=x` });
    const proxy = await startProxy(service.env['ACTIONS_RESULTS_URL'] ?? '');
    const env = {
      ...service.env,
      ACTIONS_RESULTS_URL: 'http://cache.test/',
      HTTP_PROXY: proxy.url,
      http_proxy: proxy.url,
      GITHUB_API_URL: 'http://127.0.0.1:1',
    };
    await job([cache({ remote: 'only' }), build], { env });
    const saved = proxy.seen.length;
    const next = await job([cache({ remote: 'only' }), show], { env });
    await proxy.stop();
    expect(next.cache['cache-source']).toBe('github');
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
    expect([saved > 0, proxy.seen.length > saved]).toEqual([true, true]);
  });

  it('is not used, with a warning, when its address is not that of an HTTP proxy', async () => {
    const env = { HTTPS_PROXY: 'socks5://us:pass@proxy.test:1080', GITHUB_API_URL: 'http://127.0.0.1:1' };
    const first = await job([cache(), build], { env });
    const next = await job([cache(), show], { env, directory: first.directory });
    expect(next.cache['cache-source']).toBe('local');
    const told = warnings(first).join('\n');
    expect(told).toContain('HTTPS_PROXY is not the address of an HTTP proxy');
    expect(told).not.toContain('pass@');
  });
});

describe('files and entries that must not be lost', () => {
  it('keeps the files of the job when a save to GitHub only fails', async () => {
    const service = await serve();
    service.fail('write-denied');
    const result = await job([cache({ remote: 'only' }), build], { env: service.env });
    expect(warnings(result).join()).toContain('cache write denied');
    expect(readdirSync(join(result.workspace, 'deps')).sort()).toEqual(['b c', 'link', 'sub']);
    expect(existsSync(storeOf(result.directory))).toBe(false);
  });

  it('refuses the home directory also under the path of a symlink', async () => {
    const real = mkdtempSync(join(tmpdir(), 'real-'));
    const link = join(runner(), 'home-link');
    symlinkSync(real, link);
    writeFileSync(join(real, 'precious'), '');
    for (const path of [real, link, join(link, '.')]) {
      const result = await job([cache({ path })], { env: { HOME: link } });
      expect(result.conclusion).toBe('failure');
      expect(warnings(result)[0]).toMatch(/which (is|contains) the home directory/);
    }
    expect(readdirSync(real)).toEqual(['precious']);
  });

  it('saves one path under two keys, and fails the second of two overlapping steps', async () => {
    const two = { ...cache({ key: 'other' }), id: 'second' };
    const { directory } = await job([cache(), two, build]);
    expect(keysIn(directory).sort()).toEqual(['k-1', 'other']);
    const inner = { ...cache({ path: 'deps/sub', key: 'inner' }), id: 'second' };
    const overlapping = await job([cache({ key: 'new' }), inner, build], { directory: runner() });
    expect(overlapping.conclusion).toBe('failure');
    expect(warnings(overlapping).join()).toContain('which overlaps');
  });

  it('warns and saves locally when the bucket credentials are missing', async () => {
    const result = await job([cache({ shared: 's3://bucket/x' }), build]);
    expect(result.conclusion).toBe('success');
    expect(warnings(result).join()).toContain('there are no credentials for s3://bucket/x');
    expect(keysIn(result.directory)).toEqual(['k-1']);
  });

  it.skipIf(!mayMount)('restores from GitHub what a read-only store does not have', async () => {
    const service = await serve();
    await job([cache({ key: 'far' }), build], hosted(service));
    const directory = await filled();
    const wrap = withReadOnly(storeOf(directory)) ?? [];
    const next = await job([cache({ key: 'far' }), show], { directory, wrap, env: service.env });
    expect(next.cache).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(next.steps[1]?.stdout).toBe('one\ntwo\n');
  });

  it('keeps the order of entries by creation, not by the time of the fetch', async () => {
    const service = await serve();
    for (const key of ['deps-1', 'deps-2']) await job([cache({ key }), build], hosted(service));
    const { directory } = await job([cache({ key: 'deps-2' })], { env: service.env });
    await job([cache({ key: 'deps-1' })], { directory, env: service.env });
    const next = await job([cache({ key: 'deps-3', 'restore-keys': 'deps-' })], {
      directory,
      jobStatus: 'failure',
    });
    expect(next.cache['cache-matched-key']).toBe('deps-2');
    expect(next.cache['cache-source']).toBe('local');
  });
});
