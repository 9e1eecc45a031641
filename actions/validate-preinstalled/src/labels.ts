import type { Capacity } from '@runner-actions/host';
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
 * @param meets whether the machine's memory counts as a nominal size of so many bytes
 */
export function capabilityLabels(
  results: readonly Pick<Result, 'status' | 'labels'>[],
  cores: Capacity['cores'],
  meets: (bytes: number) => boolean,
): string[] {
  const whole = Math.floor(cores.value);
  const gibibytes = memorySizes.findLast((size) => meets(size * 1024 ** 3));
  const seen = results.flatMap(({ status, labels = [] }) => (status === 'pass' ? labels : []));
  return [
    ...(whole >= 1 ? [`${whole}c`] : []),
    ...(gibibytes === undefined ? [] : [`${gibibytes}g`]),
    ...[...new Set(seen)].sort(),
  ];
}
