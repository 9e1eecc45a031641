import type { GpuRequirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import { gpuLabels } from '../src/kinds/gpu/gpu-labels.ts';
import { capabilityLabels } from '../src/labels.ts';

const labels = (
  cores: number,
  gibibytes: number,
  results: Parameters<typeof capabilityLabels>[0] = [],
  isExact = false,
): string[] =>
  capabilityLabels(results, {
    cores: { value: cores, source: 'machine' },
    memory: { value: gibibytes * 1024 ** 3, source: isExact ? 'cgroup' : 'machine' },
  });

describe('labels of a machine', () => {
  it.each([
    [8, 31.2, ['8c', '32g']],
    [4, 23.5, ['4c', '24g']],
    [4, 15.61, ['4c', '16g']],
    [2, 6.76, ['2c', '7g']],
    [96, 377, ['96c', '384g']],
    [1, 0.4, ['1c']],
  ])('name what is sold, for %d cores and %d GiB', (cores, gibibytes, expected) => {
    expect(labels(cores, gibibytes)).toEqual(expected);
  });

  it('count only whole cores and a limit of memory as it is', () => {
    expect(labels(1.5, 7.9, [], true)).toEqual(['1c', '7g']);
    expect(labels(0.5, 8, [], true)).toEqual(['8g']);
  });

  it('name once, in order, what requirements found, and nothing of those that are not met', () => {
    const results = [
      { status: 'pass', labels: ['podman'] },
      { status: 'pass', labels: ['cuda-12.4'] },
      { status: 'pass', labels: ['podman'] },
      { status: 'pass' },
      { status: 'fail', labels: ['docker'] },
      { status: 'error', labels: ['gpu-amd'] },
    ] as const;
    expect(labels(8, 32, results)).toEqual(['8c', '32g', 'cuda-12.4', 'podman']);
  });
});

describe('labels of GPUs', () => {
  const any = { text: 'latest', value: {}, toJSON: () => 'latest' };
  it.each([
    ['count', 'nvidia', 'pass', '2 (NVIDIA L4)', ['gpu-nvidia']],
    ['driver', 'amd', 'pass', '6.8.5', ['gpu-amd']],
    ['cuda toolkit', 'nvidia', 'pass', '12.4.131', ['cuda-12.4']],
    ['cuda toolkit', 'nvidia', 'fail', '11.8.89', []],
    ['count', 'nvidia', 'fail', '0', []],
    ['cuda compatibility', 'nvidia', 'pass', '12.4.131', []],
  ] as const)('of %s of %s that is %s', (fact, vendor, status, found, expected) => {
    const requirement = { kind: 'gpu', name: fact, fact, vendor, wanted: any } as unknown as GpuRequirement;
    expect(gpuLabels(requirement, { status, found, wanted: 'latest' })).toEqual(expected);
  });
});
