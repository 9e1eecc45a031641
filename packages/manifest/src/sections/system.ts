import * as v from 'valibot';
import { described, oneOrMore } from '@runner-actions/config';
import { parseBytes } from '@runner-actions/core';
import { architectureForms, architectures, systemForms, systems } from '../machine-words.ts';
import { commonKeys, type BaseRequirement, entry, type ParsedText, parsedText } from '../requirement.ts';
import { machinePath } from './machine-path.ts';
import { parseRange, type Range } from '../versions/index.ts';

/** A size. `nominal`: written as a whole number, as on a price list, so that a tolerance applies. */
export interface Size {
  bytes: number;
  nominal: boolean;
}

/** Parses a size such as `>=8GiB`. */
export const size = parsedText(
  (text): Size => ({ bytes: parseBytes(text.replace(/^>=\s*/, '')), nominal: !text.includes('.') }),
  'a size such as >=8GiB',
  '>=8GiB',
);

/** Parses a least number such as `>=4`. */
export const count = parsedText(
  (text) => {
    const [, digits] = /^(?:>=\s*)?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    return digits === undefined ? { expected: 'a number, such as >=4' } : Number(digits);
  },
  'a number, such as >=4',
  '>=4',
);

const range = parsedText((text) => parseRange(text, 'semver'), 'a range such as >=22.04', '>=22.04');

export interface DiskRequirement extends BaseRequirement {
  kind: 'disk';
  path: string;
  free: ParsedText<Size> | undefined;
  total: ParsedText<Size> | undefined;
  inodes: ParsedText<number> | undefined;
}

const disk = v.strictObject(
  {
    path: described(machinePath, 'A path on the disk. `$NAME` is a variable'),
    free: v.optional(described(size, 'Least free space that an unprivileged process can use')),
    total: v.optional(described(size, 'Least size of the disk')),
    inodes: v.optional(described(count, 'Least number of free inodes')),
    ...commonKeys,
  },
  "a map such as { path: /, free: '>=10GiB' }",
);

const oneSystem = v.picklist(systems, systemForms);
const oneArchitecture = v.picklist(architectures, architectureForms);
const word = v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'a name of letters, digits, ".", "_" and "-"'));

/** A property of the whole machine. */
type Fact =
  | { fact: 'os' | 'arch'; wanted: readonly string[] }
  | { fact: 'distribution'; wanted: readonly string[]; version: ParsedText<Range> | undefined }
  | { fact: 'kernel' | 'glibc' | 'musl'; wanted: ParsedText<Range> }
  | { fact: 'flags'; wanted: readonly string[] }
  | { fact: 'cores'; wanted: ParsedText<number> }
  | { fact: 'memory' | 'swap'; wanted: ParsedText<Size> };
export type SystemRequirement = Fact & BaseRequirement & { kind: 'system' };

const osMap = v.strictObject(
  {
    id: v.optional(
      described(
        oneOrMore(word, 'a name such as ubuntu, or a list such as [ubuntu, debian]'),
        'ID of the distribution, as in /etc/os-release',
      ),
    ),
    version: v.optional(described(range, 'Version of the distribution, as in /etc/os-release')),
    kernel: v.optional(described(range, 'Version of the kernel')),
  },
  "a map such as { id: ubuntu, version: '>=22.04' }",
);

const spec = v.strictObject(
  {
    os: v.optional(
      described(
        v.union(
          [oneOrMore(oneSystem, 'a system such as linux, or a list such as [linux, macos]'), osMap],
          "a system such as linux, or a map such as { id: ubuntu, version: '>=22.04' }",
        ),
        'System, or distribution with version',
      ),
    ),
    arch: v.optional(
      described(
        oneOrMore(oneArchitecture, `${architectureForms}, or a list such as [x64, arm64]`),
        'Architecture of the processor',
      ),
    ),
    cpu: v.optional(
      described(
        v.strictObject({
          cores: v.optional(described(count, 'Least number of cores that the job may use')),
          flags: v.optional(
            described(v.array(word, 'a list such as [avx2]'), 'Flags of the processor, such as avx2'),
          ),
        }),
        'The processor',
      ),
    ),
    memory: v.optional(
      described(size, 'Least memory. A whole number is nominal: 24GiB allows for what the firmware takes'),
    ),
    swap: v.optional(described(size, 'Least swap space')),
    glibc: v.optional(described(range, 'Version of the GNU C library')),
    musl: v.optional(described(range, 'Version of musl')),
    disk: v.optional(
      described(
        v.array(disk, "a list such as [{ path: /, free: '>=10GiB' }]"),
        'Disks, each by a path on it',
      ),
    ),
  },
  "a map such as { os: linux, memory: '>=8GiB' }",
);
type Spec = v.InferOutput<typeof spec>;

function fact<F extends Fact>(fact: F, ...parents: string[]) {
  return entry({ kind: 'system' as const, name: fact.fact, ...fact }, ['system', ...parents, fact.fact]);
}

function osEntries(os: Spec['os']) {
  if (os === undefined) return [];
  if (typeof os === 'string' || Array.isArray(os)) return [fact({ fact: 'os', wanted: [os].flat() })];
  const { id, version, kernel } = os;
  const requirement = {
    ...{ kind: 'system' as const, name: 'distribution', fact: 'distribution' as const },
    ...{ wanted: id === undefined ? [] : [id].flat(), version },
  };
  return [
    ...(id === undefined && version === undefined ? [] : [entry(requirement, ['system', 'os'])]),
    ...(kernel === undefined ? [] : [fact({ fact: 'kernel', wanted: kernel }, 'os')]),
  ];
}

/** Properties of the whole machine, and its disks. */
export const system = v.pipe(
  spec,
  v.transform(({ os, arch, cpu, memory, swap, glibc, musl, disk: disks = [] }) => [
    ...osEntries(os),
    ...(arch === undefined ? [] : [fact({ fact: 'arch', wanted: [arch].flat() })]),
    ...(memory === undefined ? [] : [fact({ fact: 'memory', wanted: memory })]),
    ...(swap === undefined ? [] : [fact({ fact: 'swap', wanted: swap })]),
    ...(cpu?.cores === undefined ? [] : [fact({ fact: 'cores', wanted: cpu.cores }, 'cpu')]),
    ...(cpu?.flags === undefined ? [] : [fact({ fact: 'flags', wanted: cpu.flags }, 'cpu')]),
    ...(glibc === undefined ? [] : [fact({ fact: 'glibc', wanted: glibc })]),
    ...(musl === undefined ? [] : [fact({ fact: 'musl', wanted: musl })]),
    ...disks.map((spec, index) => {
      const { path, free, total, inodes } = spec;
      const requirement = { kind: 'disk' as const, name: path, path, free, total, inodes };
      return entry(requirement, ['system', 'disk', index], spec);
    }),
  ]),
);
