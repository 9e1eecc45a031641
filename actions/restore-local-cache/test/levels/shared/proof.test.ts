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
const other = 'its proof is of another key, another name or other content';

async function proven(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'pack-')), 'pack');
  const pack = Readable.from([zstdCompressSync(Buffer.from('a pack'))]);
  await writeFile(file, appendProof('a/b.pack', secret)(pack));
  return file;
}

it('a pack with a proof is known by its name and key, and read by those without a key', async () => {
  const file = await proven();
  expect(await proofProblem(file, 'a/b.pack', secret, deadline)).toBeUndefined();
  expect(zstdDecompressSync(readFileSync(file)).toString()).toBe('a pack');
});

it.each([
  ['no proof', none, (file: string) => writeFileSync(file, zstdCompressSync(Buffer.from('a pack')))],
  ['a proof that is cut off', none, (file: string) => truncateSync(file, statSync(file).size - 1)],
  ['more behind the proof', none, (file: string) => appendFileSync(file, 'x')],
  ['nothing at all', none, (file: string) => truncateSync(file)],
  ['one other byte', other, (file: string) => flip(file, 10)],
  ['one other byte in the proof', other, (file: string) => flip(file, statSync(file).size - 1)],
])('a pack with %s is not proven', async (_what, why, change) => {
  const file = await proven();
  change(file);
  expect(await proofProblem(file, 'a/b.pack', secret, deadline)).toBe(why);
});

it('the proof is of no other name, and no other key', async () => {
  const file = await proven();
  expect(await proofProblem(file, 'a/c.pack', secret, deadline)).toBe(other);
  expect(await proofProblem(file, 'a/b.pack', `${secret}!`, deadline)).toBe(other);
});

it('a proof that takes too long ends with its deadline', async () => {
  const over = startDeadline(0);
  await new Promise((passed) => over.signal.addEventListener('abort', passed));
  await expect(proofProblem(await proven(), 'a/b.pack', secret, over)).rejects.toThrow('deadline');
});

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
