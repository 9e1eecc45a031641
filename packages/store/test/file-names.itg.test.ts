import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkIn, pathFromText, openStore, readPack, restoreEntry, writePack } from '../src/index.ts';
import { get, links, listing, options, save } from './fixture.ts';

/** Any byte that Linux allows in a file name. */
const letter = fc.integer({ min: 1, max: 255 }).filter((byte) => byte !== 0x2f);
const name = fc
  .array(letter, { minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes))
  .filter((bytes) => !['.', '..'].includes(bytes.toString('latin1')));
const path = fc.array(name, { minLength: 1, maxLength: 25 });
const content = fc.string({ maxLength: 40 });

const slash = Buffer.from('/');
const joined = (root: string, parts: readonly Buffer[]) =>
  Buffer.concat([Buffer.from(root), ...parts.flatMap((part) => [slash, part])]);

/** Creates as many of the paths as possible: some may block others. */
function build(root: string, files: readonly (readonly [readonly Buffer[], string])[]): void {
  mkdirSync(root);
  for (const [parts, text] of files) {
    try {
      mkdirSync(joined(root, parts.slice(0, -1)), { recursive: true });
      writeFileSync(joined(root, parts), text);
    } catch (error) {
      if (!['EISDIR', 'ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

it('preserves any file names at any depth with copies, leases and archives', async () => {
  const files = fc.array(fc.tuple(path, content), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(files, async (all) => {
      const folder = mkdtempSync(join(tmpdir(), 'names-'));
      const [tree, out] = [join(folder, 'tree'), join(folder, 'out')];
      build(tree, all);
      const wanted = listing(tree);
      const store = openStore(join(folder, 'store'));
      save(store, 'k', tree, { digests: true });
      for (const mode of ['copy', 'lease', 'lease'] as const) {
        const result = restoreEntry(
          store,
          get(store, 'k'),
          [pathFromText(out)],
          options({ mode, verify: 'full' }),
        );
        expect(result.outcome).toBe('restored');
        expect(listing(out)).toBe(wanted);
        if (result.outcome === 'restored' && result.lease !== undefined)
          expect(checkIn(store, result.lease, { keep: true, most: 1 }).outcome).toBe('clean');
      }
      const stream = new PassThrough();
      const unpacked = join(folder, 'unpacked');
      mkdirSync(unpacked);
      const plan = { limits: { maxBytes: 1e6, maxItems: 1e4 }, linksOf: () => links };
      await Promise.all([readPack(stream, unpacked, plan), writePack(get(store, 'k'), stream)]);
      expect(listing(join(unpacked, 'tree-0'))).toBe(wanted);
      execFileSync('rm', ['-rf', folder]);
    }),
    { numRuns: 40 },
  );
});

it('separates keys and file names that differ only in case, if the file system does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'case-'));
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  for (const name of ['Readme', 'README', 'readme']) writeFileSync(join(tree, name), name);
  const store = openStore(join(folder, 'store'));
  for (const key of ['Key', 'key']) save(store, key, tree);
  expect(get(store, 'Key').folder).not.toBe(get(store, 'key').folder);
  restoreEntry(store, get(store, 'key'), [pathFromText(join(folder, 'out'))], options());
  expect(listing(join(folder, 'out'))).toBe(listing(tree));
  expect(lstatSync(join(folder, 'out/README')).size).toBe(6);
});
