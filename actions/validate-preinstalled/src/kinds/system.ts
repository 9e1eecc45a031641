import * as v from 'valibot';
import { formatBytes } from '@runner-actions/core';
import { hostCapacity } from '@runner-actions/host';
import { disk, size } from './disk.ts';
import { type Finding, type Kind, type Written, written } from './kind.ts';

type Fact = { fact: 'os' | 'arch'; wanted: string } | { fact: 'cores' | 'memory'; wanted: Written<number> };
type AskedFact = Fact & { kind: 'system'; name: string };

const count = written((text) => {
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
  const asked = { kind: 'system' as const, name: fact.fact, ...fact };
  return { asked, at: ['system', ...parents, fact.fact], severity: undefined };
}

function textOf({ wanted }: Fact): string {
  return typeof wanted === 'string' ? wanted : wanted.text;
}

const systems: Record<string, string> = { darwin: 'macos', win32: 'windows' };

/** What the machine is and has as a whole. */
export const system = {
  /** The disks lie there too. */
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

  check(asked) {
    const { cores, memory } = hostCapacity();
    const compare = (met: boolean, found: string): Finding => ({
      ...{ status: met ? 'pass' : 'fail', found, wanted: textOf(asked) },
      ...(met ? {} : { advice: 'Choose another runner.' }),
    });
    if (asked.fact === 'cores')
      return compare(cores.value >= asked.wanted.value, `${cores.value} (${cores.source})`);
    if (asked.fact === 'memory')
      return compare(memory.value >= asked.wanted.value, `${formatBytes(memory.value)} (${memory.source})`);
    const found = asked.fact === 'os' ? (systems[process.platform] ?? process.platform) : process.arch;
    return compare(found === asked.wanted, found);
  },
} satisfies Kind<AskedFact>;
