import { describe, expect, it } from 'vitest';
import { splitLines } from '../src/follow-program.ts';
import { type GpuUse, parseGpus } from '../src/gpus.ts';
import { wholeSets } from '../src/watch-gpus.ts';

/**
 * documented: captures of utkuozdemir/nvidia_gpu_exporter, commit e656cd8, internal/captures/. The fields are
 * a selection, in the order that we ask for; the UUIDs are masked there. They have units, as the captures
 * were made without `nounits`.
 */
const uuid = 'GPU-00000000-0000-0000-0000-000000000000';
/** linux-x86_64__nvidia-h200__590.48.01.txt, under load. */
const h200 = `0, ${uuid}, NVIDIA H200, 100 %, 7 %, 32362 MiB, 143771 MiB, 627.40 W, 52\n`;
/** linux-x86_64__nvidia-h200-mig__590.48.01.txt, under load. */
const mig = `0, ${uuid}, NVIDIA H200, [N/A], [N/A], 16959 MiB, 143771 MiB, 295.01 W, 36\n`;
/** windows-x86_64__nvidia-geforce-rtx-2080-super__610.62.txt, idle. */
const rtx2080 = `0, ${uuid}, NVIDIA GeForce RTX 2080 SUPER, 0 %, 10 %, 797 MiB, 8192 MiB, 39.25 W, 40\r\n`;

describe('parseGpus', () => {
  const full = {
    ...{ index: 0, uuid, name: 'NVIDIA H200', computeRatio: 1, memoryActivityRatio: 0.07 },
    ...{ memoryUsedBytes: 32_362 * 2 ** 20, memoryTotalBytes: 143_771 * 2 ** 20, watts: 627.4, celsius: 52 },
  };

  it('reads all fields, with units and without', () => {
    for (const text of [h200, h200.replaceAll(/ (?:%|MiB|W),/g, ',')]) {
      const [{ memoryActivityRatio, ...gpu } = {} as GpuUse] = parseGpus(text);
      expect({ ...gpu, memoryActivityRatio: 0.07 }).toEqual(full);
      expect(memoryActivityRatio).toBeCloseTo(0.07);
    }
    expect(parseGpus(rtx2080)).toMatchObject([
      { name: 'NVIDIA GeForce RTX 2080 SUPER', computeRatio: 0, celsius: 40 },
    ]);
  });

  it('leaves out the use of a GPU with MIG', () => {
    const [gpu] = parseGpus(mig);
    expect(gpu).toMatchObject({ memoryUsedBytes: 16_959 * 2 ** 20, watts: 295.01 });
    expect(gpu).not.toHaveProperty('computeRatio');
  });

  // Words that the man page of nvidia-smi gives for a missing value.
  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '[GPU is lost]', 'N/A', ''])(
    'takes %j for no value',
    (word) => {
      const [gpu] = parseGpus(h200.replace('627.40 W', word));
      expect(gpu).not.toHaveProperty('watts');
      expect(gpu).toHaveProperty('celsius', 52);
    },
  );

  it('reads several GPUs, and a name with a comma', () => {
    const second = h200.replace('0,', '1,').replace('NVIDIA H200', 'Some, GPU');
    expect(parseGpus(h200 + second).map(({ index, name }) => [index, name])).toEqual([
      [0, 'NVIDIA H200'],
      [1, 'Some, GPU'],
    ]);
  });

  it.each([
    'No devices were found\n',
    // documented: canonical/inference-snaps#89, and zzzhouuu/truenas-nvidia-drivers#19
    'Field "compute_cap" is not a valid field to query.\n\n',
    'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 580.178\n',
    '',
    `0, ${uuid}, NVIDIA H200, 100 %\n`,
  ])('returns none for %j', (text) => {
    expect(parseGpus(text)).toEqual([]);
  });
});

describe('wholeSets', () => {
  const rows = (indexes: number[]) =>
    indexes.map((index): GpuUse => ({ index, uuid: `GPU-${index}`, name: 'x' }));
  const newest = (indexes: number[]) => {
    let time = 0;
    const sets = wholeSets(() => ++time);
    for (const row of rows(indexes)) sets.add(row);
    const { gpus, at } = sets.newest() ?? { gpus: [], at: 0 };
    return [gpus.map(({ index }) => index), at];
  };

  it.each<[string, number[], number[], number]>([
    ['none before the first set is known to be whole', [0, 1], [], 0],
    ['the first one once the next begins', [0, 1, 0], [0, 1], 2],
    ['the next one as soon as it is whole', [0, 1, 0, 1], [0, 1], 4],
    ['not a half one', [0, 1, 0, 1, 0], [0, 1], 4],
    ['a smaller one once the next begins, where a GPU got lost', [0, 1, 2, 0, 1, 2, 0, 2, 0], [0, 2], 8],
  ])('gives %s', (_title, indexes, expected, at) => {
    expect(newest(indexes)).toEqual([expected, at]);
  });

  it('gives a larger one, where a GPU appeared', () => {
    expect(newest([0, 0, 0, 1, 0, 1])).toEqual([[0, 1], 6]);
  });
});

it('splitLines joins halves, also of a character, and drops a line without end', () => {
  const lines: string[] = [];
  const add = splitLines((line) => lines.push(line));
  const bytes = Buffer.from('one\r\nä\n');
  for (const byte of bytes) add(Buffer.from([byte]));
  add(Buffer.alloc(100_000, 'x'));
  add(Buffer.from('still the same\nnext\nhalf'));
  expect(lines).toEqual(['one', 'ä', 'next']);
});
