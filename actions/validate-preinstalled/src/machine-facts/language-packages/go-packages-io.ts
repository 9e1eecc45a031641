import { basename, join } from 'node:path';
import { reasonOf } from '@runner-actions/core';
import { withElf } from '../elf-io.ts';
import type { FoundPackages, Packages } from '../packages/package-database.ts';
import type { PackageQuery } from '../packages/package-query.ts';
import { isMissing } from '../read-text-io.ts';

/** What Go writes into a program: the package that it was built from, and the version of its module. */
export interface GoProgram {
  package: string;
  module: string;
  version: string;
}

/**
 * Opens the programs that `go install` has put into `GOBIN`, or into `bin` below `GOPATH`. A name is the path of a
 * package, such as golang.org/x/tools/gopls, as `go install` takes it.
 */
export function openGo({ environment }: Pick<PackageQuery, 'environment'>): Packages {
  if (process.platform !== 'linux') return { unknown: "Go's programs can be read on Linux only" };
  const home = environment['HOME'] ?? '';
  const [path = join(home, 'go')] = (environment['GOPATH'] ?? '').split(':').filter((one) => one !== '');
  const set = environment['GOBIN'];
  const folder = set === undefined || set === '' ? join(path, 'bin') : set;
  return { manager: 'go', source: folder, find: (name) => findProgram(folder, name) };
}

async function findProgram(folder: string, name: string): Promise<FoundPackages> {
  const program = await readGoProgram(join(folder, programName(name)));
  const isMeant = program !== undefined && (program.package === name || program.module === name);
  const named = isMeant
    ? [{ name, version: program.version, state: 'installed' as const, provides: [] }]
    : [];
  return { named, providers: [], foreign: [] };
}

/** The program of a package is the last part of its path, without a major version (Go modules reference, "go install"). */
export function programName(path: string): string {
  const last = basename(path);
  return /^v[2-9]\d*$|^v1\d+$/.test(last) ? basename(path.slice(0, -last.length - 1)) : last;
}

const magic = '\xff Go buildinf:';
/** The module's text has 16 bytes of marks on each side (Go, `debug/buildinfo`). */
const mark = 16;

/**
 * Reads what `go version -m` prints, from the section `.go.buildinfo`: a head of 32 bytes, then two texts with their
 * lengths before them: Go's version, and lines about the module. Go before 1.18 had another form, which is not read.
 * @returns `undefined` if there is no such file, or Go did not build it
 * @throws Error if the program cannot be read
 */
export async function readGoProgram(path: string): Promise<GoProgram | undefined> {
  try {
    return await withElf(path, async (elf) => {
      const bytes = await elf.section('.go.buildinfo');
      if (bytes?.toString('latin1', 0, magic.length) !== magic) return undefined;
      const inline = ((bytes[15] ?? 0) & 2) !== 0;
      if (!inline) throw new Error('it was built by a Go before 1.18');
      const [, afterVersion] = textAfter(bytes, 32);
      const [module] = textAfter(bytes, afterVersion);
      return parseModule(module.slice(mark, -mark));
    });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Reads a text whose length comes before it, in groups of 7 bits (Go, `encoding/binary`, varint). */
function textAfter(bytes: Buffer, start: number): [text: string, end: number] {
  let length = 0;
  let at = start;
  for (let shift = 0; shift < 28; shift += 7, at += 1) {
    const byte = bytes[at] ?? 0;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const end = Math.min(at + 1 + length, bytes.length);
  return [bytes.toString('latin1', at + 1, end), end];
}

/** Reads the lines `path PACKAGE` and `mod MODULE VERSION SUM`, whose parts are separated by tabs. */
function parseModule(text: string): GoProgram | undefined {
  const rows = text.split('\n').map((line) => line.split('\t'));
  const name = rows.find(([key]) => key === 'path')?.[1];
  const [, module, version] = rows.find(([key]) => key === 'mod') ?? [];
  if (name === undefined || module === undefined || version === undefined) return undefined;
  return { package: name, module, version };
}
