import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pathFromText, importEntry, readPack, restoreEntry, UnsafeArchive, writePack } from '../src/index.ts';
import { find, get, links, listing, make, options, save, space } from './fixture.ts';

const limits = { maxBytes: 1e9, maxItems: 1000 };
const plan = { limits, linksOf: () => links };

async function packed(key: string, store: Parameters<typeof get>[0]): Promise<Buffer> {
  const stream = new PassThrough();
  const [parts] = await Promise.all([
    stream.toArray() as Promise<Buffer[]>,
    writePack(get(store, key), stream),
  ]);
  return Buffer.concat(parts);
}

/** Splits bytes into chunks of any size, in the middle of lines and files. */
const inPieces = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    ),
  );

const empty = () => mkdtempSync(join(tmpdir(), 'unpacked-'));

describe('a pack', () => {
  it.each([1, 7, 4096, 1 << 20])('unpacks to the same tree when read in chunks of %i bytes', async (size) => {
    const { tree, store } = make();
    writeFileSync(join(tree, 'new\nline'), 'x\ny', { mode: 0o755 });
    writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0x80])]), 'x', {
      mode: 0o400,
    });
    writeFileSync(join(tree, 'empty'), '');
    symlinkSync('sub/file', join(tree, 'link'));
    mkdirSync(join(tree, 'closed'), { mode: 0o555 });
    execFileSync('touch', ['-d', '2001-02-03 04:05:06Z', join(tree, 'sub/file'), join(tree, 'sub')]);
    save(store, 'k', tree);
    const folder = empty();
    const header = await readPack(inPieces(await packed('k', store), size), folder, plan);
    expect(header).toMatchObject({ key: 'k', trees: [{ place: { path: 0, below: '' }, files: 4 }] });
    expect(listing(join(folder, 'tree-0'))).toBe(listing(tree));
  });

  it('becomes an entry with the same fingerprint on another machine', async () => {
    const [one, other] = [make(), make()];
    save(one.store, 'k', one.tree, { digests: true });
    const bytes = await packed('k', one.store);
    const how = { repository: 'octo/app', digests: true };
    const act = () =>
      importEntry(other.store, space(), 'k', how, async (folder) => {
        const { trees } = await readPack(inPieces(bytes, 100), folder, plan);
        return { trees: trees.map(({ place }) => ({ place })), githubMilliseconds: 7 };
      });
    expect(await act()).toBe('saved');
    expect(await act()).toBe('exists');
    const { fingerprint, githubMilliseconds } = get(other.store, 'k').metadata;
    expect(fingerprint).toBe(get(one.store, 'k').metadata.fingerprint);
    expect(githubMilliseconds).toBe(7);
    const full = options({ verify: 'full' });
    expect(restoreEntry(other.store, get(other.store, 'k'), [pathFromText(other.target)], full).outcome).toBe(
      'restored',
    );
    expect(listing(other.target)).toBe(listing(one.tree));
  });

  it('leaves no entry when it is cut off or changed anywhere', async () => {
    const { tree, store } = make();
    save(store, 'k', tree, { digests: true });
    const bytes = await packed('k', store);
    const other = make();
    const act = (some: Buffer) =>
      importEntry(other.store, space(), 'k', { repository: '' }, async (folder) => {
        const { trees } = await readPack(inPieces(some, 50), folder, plan);
        return { trees };
      });
    for (let end = 0; end < bytes.length; end += 13)
      await expect(act(bytes.subarray(0, end))).rejects.toThrow();
    const changed = Buffer.from(bytes.toString('latin1').replace('content', 'cONTENT'), 'latin1');
    await expect(act(changed)).rejects.toThrow('other content than was saved');
    expect(find(other.store, 'k')).toBeUndefined();
    expect(readdirSync(join(other.store.root, 'staging'))).toEqual([]);
  });

  const root = ['directory', '', 0o755, 0, 0, ''];
  function* rowsOf(trees: readonly (readonly unknown[])[]) {
    const described = trees.map((rows, path) => ({
      place: { path, below: '' },
      items: rows.length,
      files: 0,
      bytes: 0,
    }));
    const header = { pack: 1, key: 'k', createdAt: 0, digests: false, trees: described };
    yield Buffer.from(
      [header, ...trees.flat(), 'end']
        .map((row) => (row === 'end' ? 'end\n' : `${JSON.stringify(row)}\n`))
        .join(''),
    );
  }

  it.each([
    [
      'has a name that leads out of the tree',
      [root, ['file', '../x', 0o644, 1, 0, '']],
      'is not a valid file name|is not in a folder',
    ],
    ['has an absolute path', [root, ['file', '/etc/x', 0o644, 1, 0, '']], 'is not in a folder'],
    ['is named ..', [root, ['directory', '..', 0o755, 0, 0, '']], 'is not a valid file name'],
    ['has a zero byte in its name', [root, ['file', 'a\0b', 0o644, 1, 0, '']], 'is not a valid file name'],
    [
      'would be written through a symlink',
      [root, ['link', 'l', 0o777, 0, 0, '/usr/lib'], ['file', 'l/x', 0o644, 1, 0, '']],
      'is not in a folder',
    ],
    [
      'replaces an earlier file',
      [root, ['file', 'a', 0o644, 0, 0, ''], ['link', 'a', 0o777, 0, 0, 'b']],
      'comes twice',
    ],
    [
      'is a symlink out of the tree',
      [root, ['link', 'l', 0o777, 0, 0, '../../../etc/passwd']],
      'links of a cache may not lead',
    ],
    [
      'is a symlink to an absolute path',
      [root, ['link', 'l', 0o777, 0, 0, '/etc/passwd']],
      'links of a cache may not lead',
    ],
    [
      'is a symlink that hides its target with ..',
      [root, ['link', 'l', 0o777, 0, 0, '/usr/../etc/passwd']],
      'links of a cache may not lead',
    ],
    ['is a device', [root, ['device', 'd', 0o644, 0, 0, '']], 'neither a file nor a folder nor a link'],
    ['is setuid', [root, ['file', 's', 0o4755, 1, 0, '']], 'is setuid'],
    ['claims a huge size', [root, ['file', 'h', 0o644, 2e9, 0, '']], 'more than 1000000000 bytes'],
    ['has a negative size', [root, ['file', 'h', 0o644, -1, 0, '']], 'describes no file'],
    [
      'is a root that is a symlink out of the tree',
      [['link', '', 0o777, 0, 0, '../../x']],
      'its root is a link',
    ],
    [
      'climbs out by a chain of symlinks',
      [
        root,
        ['directory', 'd', 0o755, 0, 0, ''],
        ['link', 'd/up', 0o777, 0, 0, '..'],
        ['link', 'out', 0o777, 0, 0, 'd/up/../../..'],
      ],
      'links of a cache may not lead',
    ],
    ['has two roots', [root, root], 'comes twice'],
  ])(
    'from an untrusted source is rejected before a file is created that %s',
    async (_what, rows, message) => {
      const header = {
        pack: 1,
        key: 'k',
        createdAt: 0,
        digests: false,
        trees: [{ place: { path: 0, below: '' }, items: rows.length, files: 0, bytes: 0 }],
      };
      const text = [header, ...rows].map((row) => `${JSON.stringify(row)}\n`).join('');
      const folder = empty();
      const act = readPack(inPieces(Buffer.from(`${text}x`), 1000), folder, plan);
      await expect(act).rejects.toThrow(UnsafeArchive);
      await expect(act).rejects.toThrow(new RegExp(message));
    },
  );

  it.each([
    ['names', 5_000, 'a path of more than 4096 bytes'],
    ['links', 5_000, 'a path of more than 4096 bytes'],
  ])('is rejected when it contains %s of %d bytes', async (what, length, message) => {
    const long = 'x'.repeat(length);
    const row = what === 'names' ? ['file', long, 0o644, 0, 0, ''] : ['link', 'l', 0o777, 0, 0, long];
    await expect(readPack(Readable.from(rowsOf([[root, row]])), empty(), plan)).rejects.toThrow(message);
  });

  it('has one size limit for all its trees', async () => {
    const tree = [
      root,
      ...Array.from({ length: 300 }, (_, index) => ['directory', `d${index}`, 0o755, 0, 0, '']),
    ];
    const act = (trees: number) =>
      readPack(Readable.from(rowsOf(Array.from({ length: trees }, () => tree))), empty(), plan);
    await expect(act(3)).resolves.toMatchObject({ pack: 1 });
    await expect(act(4)).rejects.toThrow('more than 1000 files and folders');
  });

  it('is rejected when it contains a million files', async () => {
    function* many() {
      yield Buffer.from(
        `${JSON.stringify({ pack: 1, key: 'k', createdAt: 0, digests: false, trees: [{ place: { path: 0, below: '' }, items: 1e6, files: 0, bytes: 0 }] })}\n`,
      );
      yield Buffer.from(`${JSON.stringify(root)}\n`);
      for (let index = 0; index < 1e6; index += 1)
        yield Buffer.from(`${JSON.stringify(['directory', `d${index}`, 493, 0, 0, ''])}\n`);
    }
    await expect(readPack(Readable.from(many()), empty(), plan)).rejects.toThrow(
      'more than 1000 files and folders',
    );
  });

  it('keeps a symlink to a system program and one within the workspace', async () => {
    const { tree, store } = make();
    symlinkSync('/usr/bin/python3', join(tree, 'python'));
    symlinkSync('../../node_modules/x', join(tree, 'sub/up'));
    save(store, 'k', tree);
    const folder = empty();
    await readPack(inPieces(await packed('k', store), 100), folder, plan);
    expect(readdirSync(join(folder, 'tree-0')).sort()).toEqual(['python', 'sub']);
    await expect(
      readPack(inPieces(await packed('k', store), 100), empty(), {
        ...plan,
        linksOf: () => ({ ...links, mayLeadTo: () => false }),
      }),
    ).rejects.toThrow('links of a cache may not lead');
  });

  it('is rejected when data follows its end', async () => {
    const one = Buffer.concat([...rowsOf([[root]])]);
    await expect(readPack(inPieces(one, 7), empty(), plan)).resolves.toMatchObject({ key: 'k' });
    const more = Buffer.concat([one, Buffer.from('x')]);
    for (const size of [1, 1000])
      await expect(readPack(inPieces(more, size), empty(), plan)).rejects.toThrow(
        'contains data after its end',
      );
  });

  it('reports a stream that is not a pack', async () => {
    const trees = (list: unknown[]) => `${JSON.stringify({ pack: 1, key: 'k', trees: list })}\nend\n`;
    const tree = { place: { path: 0, below: '' }, items: 1 };
    const strange = [[null], [{}], [{ place: null, items: 1 }], Array.from({ length: 20_001 }, () => tree)];
    const texts = ['', 'x', 'null\n', '{}\n', '{"pack":2}\n', 'x'.repeat(3 << 20), ...strange.map(trees)];
    for (const text of texts)
      await expect(readPack(inPieces(Buffer.from(text), 1 << 16), empty(), plan)).rejects.toThrow(
        /archive is/,
      );
  });
});
