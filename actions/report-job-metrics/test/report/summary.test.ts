import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/figures/figures.ts';
import type { SampledDisk, SeriesHead } from '../../src/sampling/sample.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { sampleAt, seriesOf } from '../make-series.ts';
import { mermaidError } from '../mermaid.ts';

const gib = 2 ** 30;
const root: SampledDisk = {
  ...{ path: '/work', mountPoint: '/' },
  ...{ totalBytes: 100 * gib, availableBytes: 25 * gib, freeBytes: 30 * gib },
};

function summaryOf(
  samples: Parameters<typeof seriesOf>[0],
  head: Partial<SeriesHead> = {},
  charts: 'mermaid' | 'text' = 'mermaid',
): string {
  const series = seriesOf(samples, head);
  return renderSummary({ series, figures: summarise(series), end: 'stopped' }, charts);
}

const working = [0, 2, 4, 6].map((seconds) =>
  sampleAt(seconds, {
    memory: { usedBytes: 4 * gib, totalBytes: 16 * gib },
    cgroup: { workingSetBytes: gib / 4 },
    network: { receivedBytes: seconds * 2 ** 20, sentBytes: seconds * 2 ** 10 },
    disks: [root],
  }),
);

describe('renderSummary: memory', () => {
  it('compares memory with the memory of the machine', () => {
    const text = summaryOf(working);
    expect(text).toContain('- Memory: at most 4.0 GiB in use, 25.0 % of the 16.0 GiB that the machine has.');
    expect(text).toContain('title "Memory in use, machine: 16.0 GiB"');
    // With the whole machine as its top, the line would lie flat at the bottom.
    expect(text).toContain('y-axis "GiB" 0 --> 6\n    line [4, 4, 4]');
    const small = summaryOf(working, { memory: { value: 8 * gib, source: 'machine' } });
    expect(small).toContain('y-axis "GiB" 0 --> 8\n    line [4, 4, 4]');
  });

  it('draws no traffic if there was none', () => {
    const quiet = working.map((sample) => ({ ...sample, network: { receivedBytes: 7, sentBytes: 7 } }));
    expect(summaryOf(quiet)).not.toContain('title "Network');
  });

  it('compares memory with the cgroup limit if there is one', () => {
    const text = summaryOf(working, { memory: { value: gib / 2, source: 'cgroup' } });
    expect(text).toContain('at most 256.0 MiB in use, 50.0 % of the 512.0 MiB that its cgroup or container');
    expect(text).toContain('y-axis "MiB" 0 --> 512\n    line [256, 256, 256]');
  });
});

it('renderSummary shows received and sent traffic separately', async () => {
  const text = summaryOf(working);
  expect(text).toContain('- Network: 6.0 MiB received, 6.0 KiB sent.');
  const chart = /%%\{init.*\nxychart-beta\n {4}title "Network[\s\S]*?(?=\n```)/.exec(text)?.[0] ?? '';
  expect(chart).toContain('received (blue), sent (orange)');
  expect(chart).toContain('line [1, 1, 1]\n    line [0.001, 0.001, 0.001]');
  expect(await mermaidError(chart)).toBeUndefined();
});

describe('renderSummary: fullest disk', () => {
  it('shows its usage as df does: without reserved space, rounded up', () => {
    const text = summaryOf(working);
    expect(text).toContain(
      '- Fullest disk: `/`, 74 % full as `df` counts: 70.0 GiB of 100.0 GiB used, 25.0 GiB available.',
    );
    expect(text).toContain('| Disk `/` | 74 % | 74 % | 74 % |');
  });

  it('shows the disk that was fullest in any sample', () => {
    const other = { ...root, path: '/tmp', mountPoint: '/tmp' };
    const filled = { ...other, availableBytes: gib, freeBytes: gib };
    const text = summaryOf([
      sampleAt(0, { disks: [root, other] }),
      sampleAt(2, { disks: [root, filled] }),
      sampleAt(4, { disks: [root, other] }),
    ]);
    expect(text).toContain('Fullest disk: `/tmp`, 99 % full');
    expect(text).toContain('| Disk `/tmp` | 74 % | 87 % | 99 % |');
  });

  it('names a path when mounts cannot be read, and for a series of an earlier version', () => {
    const old = { path: '/work', totalBytes: 100 * gib, availableBytes: 25 * gib };
    expect(summaryOf([sampleAt(0, { disks: [old] })])).toContain(
      'Fullest disk: the one of `/work`, 75 % full',
    );
  });

  it('does not round up a whole percentage because of floating-point errors', () => {
    const even = { ...root, availableBytes: 93 * gib, freeBytes: 93 * gib };
    expect(summaryOf([sampleAt(0, { disks: [even] })])).toContain('`/`, 7 % full');
  });
});

it('renderSummary names unknown metrics, and does not show zero for them', () => {
  const text = summaryOf([sampleAt(0), sampleAt(2)], {}, 'text');
  expect(text).toContain('- Memory: usage unknown.');
  expect(text).toContain('- Fullest disk: unknown.');
  expect(text).toContain('- Network: traffic unknown.');
  expect(text).toContain(
    'Unknown: CPU, Memory, Fullest disk, Read from disks, Written to disks, Received, Sent, Waiting for CPU, Waiting for memory, Waiting for disks.',
  );
  expect(text).not.toMatch(/\b0(\.0)? (%|B)/);
});
