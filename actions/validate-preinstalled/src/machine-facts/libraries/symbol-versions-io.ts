import { reasonOf } from '@runner-actions/core';
import { textAt, withElf } from '../elf-io.ts';

/** The symbol versions that a library defines, such as GLIBCXX_3.4.30; or why they are unknown. */
export type SymbolVersions = readonly string[] | { unknown: string };

/** No library defines as many versions. Stops a damaged file whose entries form a circle. */
const limit = 10_000;

/**
 * Reads the versions that a library defines from its section `.gnu.version_d` (Linux Standard Base, "Symbol
 * Versioning"). A name that is merely somewhere in the file, for example because the library needs it, does not count.
 */
export async function readSymbolVersions(path: string): Promise<SymbolVersions> {
  try {
    const versions = await withElf(path, async (elf) => {
      const definitions = await elf.section('.gnu.version_d');
      const texts = await elf.section('.dynstr');
      if (definitions === undefined || texts === undefined) return [];
      return parseDefinitions(definitions, texts, elf.isLittleEndian);
    });
    return versions ?? { unknown: `${path} is not an ELF file` };
  } catch (error) {
    return { unknown: `${path} cannot be read: ${reasonOf(error)}` };
  }
}

/** An entry `Verdef` has 20 bytes: its first name is at `vd_aux` from its start, the next entry at `vd_next`. */
function parseDefinitions(definitions: Buffer, texts: Buffer, isLittleEndian: boolean): string[] {
  const word = (at: number): number =>
    isLittleEndian ? definitions.readUInt32LE(at) : definitions.readUInt32BE(at);
  const names: string[] = [];
  for (let at = 0; at + 20 <= definitions.length && names.length < limit;) {
    names.push(textAt(texts, word(at + word(at + 12))));
    const next = word(at + 16);
    if (next === 0) break;
    at += next;
  }
  return names;
}
