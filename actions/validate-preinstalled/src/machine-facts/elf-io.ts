import type { FileHandle } from 'node:fs/promises';
import { openRegular } from './read-text-io.ts';

/** An ELF file (elf(5)) of which only the parts that are asked for are read. */
export interface Elf {
  /** Program that loads the file's libraries (`PT_INTERP`). Libraries have none. */
  interpreter(): Promise<string | undefined>;
  /** Bytes of a section by its name; `undefined` if there is none. @throws Error if it is larger than the limit */
  section(name: string): Promise<Buffer | undefined>;
  isLittleEndian: boolean;
}

interface Part {
  kind: number;
  nameAt: number;
  offset: number;
  size: number;
}

/** Where the fields of headers are, in files of 64 and of 32 bits (elf(5)). */
const layouts = {
  64: {
    programs: 32,
    sections: 40,
    counts: 54,
    program: { offset: 8, size: 32 },
    section: { offset: 24, size: 32 },
  },
  32: {
    programs: 28,
    sections: 32,
    counts: 42,
    program: { offset: 4, size: 16 },
    section: { offset: 16, size: 20 },
  },
};
const interpreterKind = 3;
const limitBytes = 16 * 1024 ** 2;

/**
 * Calls `use` with an ELF file.
 * @returns `undefined` if the file is no ELF file
 * @throws Error if the file cannot be read, or its headers are damaged
 */
export async function withElf<T>(path: string, use: (elf: Elf) => Promise<T>): Promise<T | undefined> {
  const file = await openRegular(path);
  try {
    const header = await bytesAt(file, 0, 64);
    if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46) return undefined;
    return await use(elfOf(file, header));
  } finally {
    await file.close();
  }
}

function elfOf(file: FileHandle, header: Buffer): Elf {
  const bits = header[4] === 2 ? 64 : 32;
  const isLittleEndian = header[5] === 1;
  const layout = layouts[bits];
  const half = (from: Buffer, at: number): number =>
    isLittleEndian ? from.readUInt16LE(at) : from.readUInt16BE(at);
  const word = (from: Buffer, at: number): number =>
    isLittleEndian ? from.readUInt32LE(at) : from.readUInt32BE(at);
  const address = (from: Buffer, at: number): number =>
    bits === 32
      ? word(from, at)
      : Number(isLittleEndian ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));
  const table = async (type: 'program' | 'section'): Promise<Part[]> => {
    const counts = layout.counts + (type === 'program' ? 0 : 4);
    const [size, count] = [half(header, counts), half(header, counts + 2)];
    const start = address(header, type === 'program' ? layout.programs : layout.sections);
    const rows = await bytesAt(file, start, size * count);
    const fields = layout[type];
    if (size < fields.size + bits / 8) return [];
    return Array.from({ length: Math.floor(rows.length / size) }, (_, index) => {
      const row = rows.subarray(index * size, (index + 1) * size);
      const place = { offset: address(row, fields.offset), size: address(row, fields.size) };
      return { kind: word(row, type === 'program' ? 0 : 4), nameAt: word(row, 0), ...place };
    });
  };
  const read = ({ offset, size }: Part): Promise<Buffer> => bytesAt(file, offset, size);
  return {
    isLittleEndian,
    interpreter: async () => {
      const found = (await table('program')).find(({ kind }) => kind === interpreterKind);
      return found === undefined ? undefined : textAt(await read(found), 0);
    },
    section: async (name) => {
      const sections = await table('section');
      const names = sections[half(header, layout.counts + 8)];
      if (names === undefined) return undefined;
      const texts = await read(names);
      const found = sections.find(({ nameAt }) => textAt(texts, nameAt) === name);
      return found === undefined ? undefined : read(found);
    },
  };
}

/** Returns the text from `at` to the next zero byte. */
export function textAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return at >= bytes.length ? '' : bytes.toString('latin1', at, end === -1 ? bytes.length : end);
}

async function bytesAt(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset + size) || size > limitBytes)
    throw new Error('a part of the ELF file is larger than 16 MiB');
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await file.read(bytes, 0, size, offset);
  return bytes.subarray(0, bytesRead);
}
