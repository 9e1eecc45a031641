import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Deadline } from '@runner-actions/core';
import { constants, createGunzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import {
  type Entry,
  type ImportedTrees,
  type PackFormat,
  readPack,
  readPackHeader,
  type OnProgress,
  type UnpackOptions,
  writePack,
} from '@runner-actions/store';
import { withoutProof } from './shared/proof.ts';

/** Zstandard is part of Node, so no program needs to be installed. */
const compression = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

interface PackOptions {
  deadline: Deadline;
  tick?: OnProgress | undefined;
  /** Transforms the compressed pack before it is written. Default: unchanged. */
  transform?: ((pack: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
  /** Default: the pack format of the store. */
  format?: PackFormat;
}

/**
 * Packs and compresses an entry into a new file.
 * @throws the reason of the deadline's signal, when it passes; Error if the file exists
 */
export async function packToFile(
  entry: Entry,
  file: string,
  { deadline, tick, transform = (pack) => pack, format }: PackOptions,
): Promise<void> {
  const compress = createZstdCompress(compression);
  await Promise.all([
    writePack(entry, compress, tick, format).catch((error: unknown) => compress.destroy(error as Error)),
    pipeline(compress, transform, createWriteStream(file, { flags: 'wx', mode: 0o600 }), {
      signal: deadline.signal,
    }),
  ]);
}

/**
 * Unpacks a pack of `packToFile` into `folder`.
 * @throws UnsafeArchive; Error for a damaged or truncated pack
 */
export function unpack(source: AsyncIterable<Uint8Array>, folder: string, plan: UnpackOptions) {
  return readPack(openPackStream(source), folder, plan);
}

/**
 * Returns the places of the trees in an archive, and when it was created. Its counts are not trusted: the import
 * counts again.
 */
export function withoutCounts({ trees, createdAt = NaN }: ImportedTrees): ImportedTrees {
  const origins = trees.map(({ place, from }) => (from === undefined ? { place } : { place, from }));
  return Number.isFinite(createdAt) ? { trees: origins, createdAt } : { trees: origins };
}

/** Reads the header of a pack file. */
export function readHeader(file: string) {
  return readPackHeader(openPackStream(createReadStream(file)));
}

/** Accepts one frame and at most one proof. A pack contains nothing else. */
function openPackStream(source: AsyncIterable<Uint8Array>): Readable {
  return pipeThrough(withoutProof(source), createZstdDecompress({ rejectGarbageAfterEnd: true }));
}

/** Returns the decompressed stream. */
export function decompress(source: AsyncIterable<Uint8Array>, method: 'zstd' | 'gzip'): Readable {
  return pipeThrough(source, method === 'zstd' ? createZstdDecompress() : createGunzip());
}

/** Passes errors of both streams to the reader of the result. */
function pipeThrough(source: AsyncIterable<Uint8Array>, to: Transform): Readable {
  const from = Readable.from(source, { objectMode: false });
  from.on('error', (error) => to.destroy(error));
  // An error after the reader has ended must not fail the step.
  to.on('error', () => undefined);
  to.on('close', () => from.destroy());
  from.pipe(to);
  return to;
}
