import * as v from 'valibot';
import { formatBytes } from '@runner-actions/core';
import { hostCapacity } from '@runner-actions/host';
import { disk, size } from './disk.ts';
import { type Finding, type Kind, type ParsedText, parsedText } from './kind.ts';

type Fact =
  { fact: 'os' | 'arch'; wanted: string } | { fact: 'cores' | 'memory'; wanted: ParsedText<number> };
type SystemRequirement = Fact & { kind: 'system'; name: string };

const count = parsedText((text) => {
  const [, digits] = /^(?:>=\s*)?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}, 'a number, such as >=4');

const spec = v.strictObject({
  os: v.optional(v.picklist(['linux', 'macos', 'windows'])),
  arch: v.optional(v.picklist(['x64', 'arm64', 'arm', 'ia32'])),
  cpu: v.optional(v.strictObject({ cores: count })),
  memory: v.optional(size),
  disk: v.optional(disk.schema, []),
});

function entry<F extends Fact>(fact: F, ...parents: string[]) {
  const requirement = { kind: 'system' as const, name: fact.fact, ...fact };
  return { requirement, at: ['system', ...parents, fact.fact], severity: undefined };
}

function textOf({ wanted }: Fact): string {
  return typeof wanted === 'string' ? wanted : wanted.text;
}

const systems: Record<string, string> = { darwin: 'macos', win32: 'windows' };

/** Properties of the whole machine: operating system, architecture, cores, memory. */
export const system = {
  /** Disks are part of this section too. */
  schema: v.pipe(
    spec,
    v.transform(({ os, arch, cpu, memory, disk: disks }) => [
      ...(os === undefined ? [] : [entry({ fact: 'os', wanted: os })]),
      ...(arch === undefined ? [] : [entry({ fact: 'arch', wanted: arch })]),
      ...(memory === undefined ? [] : [entry({ fact: 'memory', wanted: memory })]),
      ...(cpu === undefined ? [] : [entry({ fact: 'cores', wanted: cpu.cores }, 'cpu')]),
      ...disks,
    ]),
  ),

  check(requirement) {
    const { cores, memory } = hostCapacity();
    const compare = (met: boolean, found: string): Finding => ({
      ...{ status: met ? 'pass' : 'fail', found, wanted: textOf(requirement) },
      ...(met ? {} : { advice: 'Choose another runner.' }),
    });
    if (requirement.fact === 'cores')
      return compare(cores.value >= requirement.wanted.value, `${cores.value} (${cores.source})`);
    if (requirement.fact === 'memory')
      return compare(
        memory.value >= requirement.wanted.value,
        `${formatBytes(memory.value)} (${memory.source})`,
      );
    const found = requirement.fact === 'os' ? (systems[process.platform] ?? process.platform) : process.arch;
    return compare(found === requirement.wanted, found);
  },
} satisfies Kind<SystemRequirement>;
