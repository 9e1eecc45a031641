import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { appendProof, proofProblem } from '../../../src/levels/shared/proof.ts';

const secret = 'correct horse battery';
const deadline = startDeadline(60_000);
const none = "it carries no proof of 'shared-key'";
const other = 'its proof does not match the key, the name or the content';

async function proven(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'pack');
  const pack = Readable.from([zstdCompressSync(Buffer.from('a pack'))]);
  await writeFile(file, appendProof('a/b.pack', secret)(pack));
  return file;
}

it('a pack with a valid proof is accepted, and can be read without the key', async () => {
  const file = await proven();
  expect(await proofProblem(file, 'a/b.pack', secret, deadline)).toBeUndefined();
  expect(zstdDecompressSync(readFileSync(file)).toString()).toBe('a pack');
});

it.each([
  ['no proof', none, (file: string) => writeFileSync(file, zstdCompressSync(Buffer.from('a pack')))],
  ['a truncated proof', none, (file: string) => truncateSync(file, statSync(file).size - 1)],
  ['data after the proof', none, (file: string) => appendFileSync(file, 'x')],
  ['no content', none, (file: string) => truncateSync(file)],
  ['one changed byte', other, (file: string) => flip(file, 10)],
  ['one changed byte in the proof', other, (file: string) => flip(file, statSync(file).size - 1)],
])('a pack with %s is rejected', async (_what, why, change) => {
  const file = await proven();
  change(file);
  expect(await proofProblem(file, 'a/b.pack', secret, deadline)).toBe(why);
});

it('a proof is not valid for another name or another key', async () => {
  const file = await proven();
  expect(await proofProblem(file, 'a/c.pack', secret, deadline)).toBe(other);
  expect(await proofProblem(file, 'a/b.pack', `${secret}!`, deadline)).toBe(other);
});

it('checking a proof stops at the deadline', async () => {
  const over = startDeadline(0);
  await new Promise((passed) => over.signal.addEventListener('abort', passed));
  await expect(proofProblem(await proven(), 'a/b.pack', secret, over)).rejects.toThrow('deadline');
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
