import { type GpuFact, type GpuRequirement, type GpuVendor, parseRange } from '@runner-actions/manifest';
import type { Finding } from '../kinds/kind.ts';
import { exactRange } from './exact-range.ts';
import type { Section } from './section.ts';
import { inline } from './yaml.ts';

/** Checks one requirement of GPUs on the machine. */
export type CheckGpu = (requirement: GpuRequirement) => Promise<Finding>;

/** Writes the devices that the job sees, their driver, and the toolkit. Without a device there is no section. */
export async function gpuSection(check: CheckGpu): Promise<Section> {
  const name = 'gpu';
  for (const vendor of ['nvidia', 'amd'] as const) {
    const count = /^\d+/.exec(await passed(check, vendor, { fact: 'count', wanted: leastOne }))?.[0];
    if (count === undefined) continue;
    const version = async (fact: VersionFact): Promise<string | undefined> =>
      exactRange(await passed(check, vendor, { fact, wanted: anyVersion }), 'semver');
    const line = (key: string, range: string | undefined, depth = '  '): string[] =>
      range === undefined ? [] : [`${depth}${key}: ${inline(range)}`];
    const cuda =
      vendor === 'amd'
        ? []
        : [
            ...line('driver', await version('cuda driver'), '    '),
            ...line('toolkit', await version('cuda toolkit'), '    '),
          ];
    const lines = [
      `  vendor: ${vendor}`,
      ...line('count', `>=${count}`),
      ...line('driver', await version('driver')),
      ...(cuda.length === 0 ? [] : ['  cuda:', ...cuda]),
      ...(vendor === 'amd' ? line('rocm', await version('rocm')) : []),
    ];
    return { name, lines, notes: [] };
  }
  return { name, lines: [], notes: [] };
}

type VersionFact = 'driver' | 'rocm' | 'cuda driver' | 'cuda toolkit';

const leastOne = { text: '>=1', value: 1, toJSON: () => '>=1' };
const any = parseRange('latest', 'semver');
if ('expected' in any) throw new Error(any.expected);
const anyVersion = { text: 'latest', value: any, toJSON: () => 'latest' };

/** Returns what was found, or an empty text if the requirement is not met. */
async function passed(check: CheckGpu, vendor: GpuVendor, fact: GpuFact): Promise<string> {
  const { status, found } = await check({ kind: 'gpu', name: fact.fact, vendor, ...fact } as GpuRequirement);
  return status === 'pass' ? found : '';
}
