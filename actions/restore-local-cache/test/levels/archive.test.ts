import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpack } from '../../src/levels/archive.ts';
import { appendProof } from '../../src/levels/shared/proof.ts';

const header = {
  pack: 1,
  key: 'k',
  createdAt: 0,
  digests: false,
  trees: [{ place: { path: 0, below: '' }, items: 1 }],
};
const text = `${JSON.stringify(header)}\n["file","",420,0,0,""]\nend\n`;
const pack = zstdCompressSync(Buffer.from(text));
const junk = Buffer.alloc(300_000, 'junk');
const plan = {
  limits: { maxBytes: 1e6, maxItems: 10 },
  linksOf: () => ({ mayLeadTo: () => false, root: '/' }),
};

/** Splits the bytes as a file stream does, with one split at `at`. */
const act = (bytes: Buffer, at: number) => {
  const pieces = [bytes.subarray(0, at), bytes.subarray(at, at + 65_536), bytes.subarray(at + 65_536)];
  const source = Readable.from(pieces.filter(({ length }) => length > 0));
  return unpack(source, mkdtempSync(join(tmpdir(), 'unpacked-')), plan as never);
};

it('reads a pack with a proof, wherever the stream splits it', async () => {
  const proven = Buffer.concat(
    await Readable.from(appendProof('k.pack', 'secret')(Readable.from([pack]))).toArray(),
  );
  for (const at of [1, pack.length - 1, pack.length, pack.length + 1, proven.length - 1, proven.length])
    expect(await act(proven, at)).toMatchObject({ key: 'k' });
});

it.each([
  ['bytes', [pack, Buffer.from('x')]],
  ['many bytes', [pack, junk]],
  ['another frame', [pack, zstdCompressSync(Buffer.from('x'))]],
  ['more data in its frame', [zstdCompressSync(Buffer.from(`${text}x`))]],
])('refuses a pack with %s after its end', async (_what, parts) => {
  const bytes = Buffer.concat(parts);
  for (const at of [pack.length - 1, pack.length, pack.length + 1])
    await expect(act(bytes, at)).rejects.toThrow(/after (?:its|the) end|frame descriptor/);
});

it('ignores an error that comes after a pack was refused', async () => {
  const frame = zstdCompressSync(Buffer.from('x'.repeat(100)));
  const bytes = Buffer.concat([frame, frame, junk]);
  for (const at of [frame.length, frame.length + 1, 65_536]) await expect(act(bytes, at)).rejects.toThrow();
  await expect(
    act(Buffer.concat([zstdCompressSync(Buffer.from('no pack\n')), junk]), 65_536),
  ).rejects.toThrow();
  await sleep(50);
});
