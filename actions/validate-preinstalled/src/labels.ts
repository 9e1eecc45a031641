import type { Capacity } from '@runner-actions/host';
import { compareSize } from './kinds/size.ts';
import type { Result } from './results.ts';

/**
 * Usual sizes of a machine's memory, in GiB. A label names one of them, so that machines that are sold as equal get
 * equal labels.
 */
const memorySizes = [
  ...[1, 2, 3, 4, 6, 7, 8, 12, 14, 16, 24, 32, 48, 56, 64, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448],
  ...[512, 640, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192],
];

/**
 * Returns labels that say what a machine can do, for those who register runners: `8c` (whole cores that a job may use),
 * `32g` (memory), and those of requirements that are met (`docker`, `podman`, `gpu-nvidia`, `gpu-amd`, `cuda-12.4`).
 * What no requirement asks for has no label, because nobody looked. GitHub adds system and architecture by itself.
 */
export function capabilityLabels(
  results: readonly Pick<Result, 'status' | 'labels'>[],
  { cores, memory }: Capacity,
): string[] {
  const whole = Math.floor(cores.value);
  const gibibytes = nominalGibibytes(memory);
  const seen = results.flatMap(({ status, labels = [] }) => (status === 'pass' ? labels : []));
  return [
    ...(whole >= 1 ? [`${whole}c`] : []),
    ...(gibibytes === undefined ? [] : [`${gibibytes}g`]),
    ...[...new Set(seen)].sort(),
  ];
}

/** Returns the largest usual size that a memory counts as, in GiB; `undefined` below the smallest one. */
export function nominalGibibytes({ value, source }: Capacity['memory']): number | undefined {
  const meets = (size: number): boolean =>
    compareSize(value, { bytes: size * 1024 ** 3, nominal: true }, source !== 'machine').met;
  return memorySizes.findLast(meets);
}
