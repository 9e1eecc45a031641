import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Deadline } from '@runner-actions/core';
import { constants, createGunzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import {
  type Entry,
  type Filled,
  type PackFormat,
  readPack,
  readPackHeader,
  type Tick,
  type UnpackOptions,
  writePack,
} from '@runner-actions/store';
import { withoutProof } from './shared/proof.ts';

/** Zstandard comes with Node: no program of the machine is needed. */
const compression = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 3,
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};

interface PackOptions {
  deadline: Deadline;
  tick?: Tick | undefined;
  /** What is written for what was compressed; default: the same. */
  transform?: ((pack: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
  /** Default: a pack of the store's. */
  format?: PackFormat;
}

/** Packs and compresses an entry into a new file. @throws what the deadline's signal has, when it passes; Error where a file is */
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

/** Unpacks what `packToFile` made into `folder`. @throws UnsafeArchive; Error for what is damaged or cut off */
export function unpack(source: AsyncIterable<Uint8Array>, folder: string, plan: UnpackOptions) {
  return readPack(openPackStream(source), folder, plan);
}

/** What an archive's trees are for, and when it was made: its counts are not believed, but made anew. */
export function withoutCounts({ trees, createdAt = NaN }: Filled): Filled {
  const origins = trees.map(({ place, from }) => (from === undefined ? { place } : { place, from }));
  return Number.isFinite(createdAt) ? { trees: origins, createdAt } : { trees: origins };
}

export function readHeader(file: string) {
  return readPackHeader(openPackStream(createReadStream(file)));
}

/** One frame and a proof at most: more in the file is not a pack's. */
function openPackStream(source: AsyncIterable<Uint8Array>): Readable {
  return pipeThrough(withoutProof(source), createZstdDecompress({ rejectGarbageAfterEnd: true }));
}

export function decompress(source: AsyncIterable<Uint8Array>, method: 'zstd' | 'gzip'): Readable {
  return pipeThrough(source, method === 'zstd' ? createZstdDecompress() : createGunzip());
}

/** The errors of both streams end up where the result is read. */
function pipeThrough(source: AsyncIterable<Uint8Array>, to: Transform): Readable {
  const from = Readable.from(source, { objectMode: false });
  from.on('error', (error) => to.destroy(error));
  // One that comes after the reader ended concerns nobody, and is no fault of the step.
  to.on('error', () => undefined);
  to.on('close', () => from.destroy());
  from.pipe(to);
  return to;
}
