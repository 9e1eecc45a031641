import * as v from 'valibot';
import { described, textSchema } from '@runner-actions/config';
import {
  commonKeys,
  type BaseRequirement,
  type Entry,
  entry,
  type ParsedText,
  parsedText,
} from '../requirement.ts';
import { parseRange, type Range } from '../versions/index.ts';
import { count, type Size, size } from './system.ts';

export type GpuVendor = 'nvidia' | 'amd';
export type Framework = 'pytorch' | 'tensorflow';

/** One property of the GPUs. With `least`, that many devices must have it; otherwise all that the job sees. */
export type GpuFact =
  | { fact: 'count'; wanted: ParsedText<number> }
  | { fact: 'memory'; wanted: ParsedText<Size>; least: number | undefined }
  | { fact: 'compute'; wanted: ParsedText<Range>; least: number | undefined }
  | { fact: 'driver' | 'rocm' | 'cuda driver' | 'cuda toolkit' | 'cuda runtime'; wanted: ParsedText<Range> }
  | { fact: 'cuda compatibility' | 'containers' | 'xid' }
  | { fact: 'ecc' | 'persistence'; wanted: 'on' | 'off' }
  /** `on`, `off`, or a profile such as `1g.10gb`. */
  | { fact: 'mig'; wanted: string }
  | { fact: Framework };
export type GpuRequirement = GpuFact & BaseRequirement & { kind: 'gpu'; vendor: GpuVendor };

const range = parsedText((text) => parseRange(text, 'semver'), 'a range such as >=535', '>=535');
const onOrOff = v.picklist(['on', 'off'], "'on' or 'off'");
const profile = /^(?:any|on|off|(?:\d+c\.)?\d+g\.\d+gb(?:\+[a-z.]+)?)$/;
const flag = v.boolean('true or false');
const frameworks = v.picklist(['pytorch', 'tensorflow'], 'pytorch or tensorflow');

const spec = v.strictObject(
  {
    vendor: v.optional(
      described(v.picklist(['nvidia', 'amd'], 'nvidia or amd'), 'Vendor. Default: `nvidia`'),
    ),
    count: v.optional(described(count, 'Least number of devices, or of MIG instances, that the job sees')),
    memory: v.optional(
      described(
        size,
        'Least memory of each device or MIG instance; with `count`, of that many. A whole number is nominal',
      ),
    ),
    driver: v.optional(described(range, 'Version of the driver')),
    compute: v.optional(described(range, "Compute capability of NVIDIA's devices")),
    cuda: v.optional(
      described(
        v.strictObject({
          driver: v.optional(described(range, 'Latest CUDA version that the driver supports')),
          toolkit: v.optional(described(range, 'CUDA toolkit (`nvcc`)')),
          runtime: v.optional(described(range, 'CUDA runtime library (`libcudart`)')),
        }),
        'The three versions of CUDA, which are not the same',
      ),
    ),
    rocm: v.optional(described(range, 'Version of ROCm')),
    mig: v.optional(
      described(
        v.pipe(textSchema, v.regex(profile, "'any', 'on', 'off', or a profile such as 1g.10gb")),
        'Whether devices are divided into MIG instances, or a profile that an instance has',
      ),
    ),
    ecc: v.optional(
      described(
        onOrOff,
        'Whether ECC is on. With `on`, uncorrected errors since the start of the driver fail',
      ),
    ),
    xid: v.optional(
      described(v.literal('none', "'none'"), 'No Xid error of the hardware or driver since the boot'),
    ),
    persistence: v.optional(described(onOrOff, 'Persistence mode')),
    frameworks: v.optional(
      described(
        v.array(frameworks, 'a list such as [pytorch]'),
        "Frameworks that compute on a device, with PATH's Python",
      ),
    ),
    containers: v.optional(described(flag, 'Whether containers can use the devices')),
    ...commonKeys,
  },
  'a map such as { count: 1 }',
);
type Spec = v.InferOutput<typeof spec>;

/** The keys that only one vendor has. */
const vendorKeys = {
  nvidia: ['compute', 'cuda', 'mig', 'ecc', 'xid', 'persistence'],
  amd: ['rocm'],
} as const;

/** The GPUs. Each key is a requirement of its own. */
export const gpu = v.pipe(
  spec,
  v.rawTransform(({ dataset, addIssue }): Entry<GpuRequirement>[] => {
    const { value } = dataset;
    const { vendor = 'nvidia' } = value;
    const other = vendor === 'nvidia' ? 'amd' : 'nvidia';
    for (const key of vendorKeys[other].filter((key) => value[key] !== undefined)) {
      type Path = NonNullable<Parameters<typeof addIssue>[0]>['path'];
      const path = [{ type: 'object', origin: 'value', key, value: value[key] }] as unknown as Path;
      addIssue({ message: `no '${key}' with 'vendor: ${vendor}'`, path });
    }
    return factsOf(value).map(([fact, ...at]) =>
      entry<GpuRequirement>({ kind: 'gpu', name: fact.fact, vendor, ...fact }, ['gpu', ...at], value),
    );
  }),
);

type Stated = [GpuFact, ...(string | number)[]];

function factsOf(value: Spec): Stated[] {
  const { count: wantedCount, memory, compute, mig, cuda = {} } = value;
  const least = wantedCount?.value;
  const stated: Stated[] = [
    ...ranged('driver', value.driver, 'driver'),
    ...(wantedCount === undefined ? [] : [[{ fact: 'count', wanted: wantedCount }, 'count'] as Stated]),
    ...(memory === undefined ? [] : [[{ fact: 'memory', wanted: memory, least }, 'memory'] as Stated]),
    ...(compute === undefined ? [] : [[{ fact: 'compute', wanted: compute, least }, 'compute'] as Stated]),
    ...ranged('rocm', value.rocm, 'rocm'),
    ...ranged('cuda driver', cuda.driver, 'cuda', 'driver'),
    ...ranged('cuda toolkit', cuda.toolkit, 'cuda', 'toolkit'),
    ...ranged('cuda runtime', cuda.runtime, 'cuda', 'runtime'),
    ...(cuda.toolkit === undefined ? [] : [[{ fact: 'cuda compatibility' }, 'cuda', 'toolkit'] as Stated]),
    ...(mig === undefined || mig === 'any' ? [] : [[{ fact: 'mig', wanted: mig }, 'mig'] as Stated]),
    ...(value.ecc === undefined ? [] : [[{ fact: 'ecc', wanted: value.ecc }, 'ecc'] as Stated]),
    ...(value.persistence === undefined
      ? []
      : [[{ fact: 'persistence', wanted: value.persistence }, 'persistence'] as Stated]),
    ...(value.xid === undefined ? [] : [[{ fact: 'xid' }, 'xid'] as Stated]),
    ...[...new Set(value.frameworks)].map((fact): Stated => [
      { fact },
      'frameworks',
      value.frameworks?.indexOf(fact) ?? 0,
    ]),
    ...(value.containers === true ? [[{ fact: 'containers' }, 'containers'] as Stated] : []),
  ];
  // A section that states nothing else still wants a device.
  const one = { text: '>=1', value: 1, toJSON: () => '>=1' };
  return stated.length > 0 ? stated : [[{ fact: 'count', wanted: one }]];
}

function ranged(
  fact: (GpuFact & { wanted: ParsedText<Range>; least?: never })['fact'],
  wanted: ParsedText<Range> | undefined,
  ...at: string[]
): Stated[] {
  return wanted === undefined ? [] : [[{ fact, wanted } as GpuFact, ...at]];
}
