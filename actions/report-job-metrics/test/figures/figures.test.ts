import { describe, expect, it } from 'vitest';
import { outputsOf, summarise } from '../../src/figures/figures.ts';
import { busy, sampleAt, seriesOf } from '../make-series.ts';

const network = (receivedBytes: number, sentBytes: number) => ({ network: { receivedBytes, sentBytes } });
const memory = (usedBytes: number) => ({ memory: { usedBytes, totalBytes: 1000 } });

describe('summarise', () => {
  it('computes metrics from differences of counters, weighted by time', () => {
    const figures = summarise(
      seriesOf([
        sampleAt(0, { ...busy(0, 0), ...memory(900), ...network(10, 10) }),
        sampleAt(1, { ...busy(4, 4), ...memory(100), ...network(60, 10) }),
        sampleAt(4, { ...busy(4, 16), ...memory(300), ...network(60, 40) }),
      ]),
    );
    expect(figures.cpu).toEqual({ min: 0, mean: 0.25, max: 1 });
    expect(figures.memory?.max).toBe(900);
    expect(figures.received).toEqual({ min: 0, mean: 12.5, max: 50 });
    expect(figures).toMatchObject({ networkBytes: 80, durationSeconds: 4, stalls: [] });
  });

  it('uses the CPU quota and the working set of a cgroup with limits', () => {
    const cgroup = (cpuSeconds: number, workingSetBytes: number) => ({
      cgroup: { cpuSeconds, workingSetBytes, oomKills: cpuSeconds > 1 ? 1 : 0 },
    });
    const figures = summarise(
      seriesOf(
        [
          sampleAt(0, { ...busy(0, 0), ...cgroup(1, 50) }),
          sampleAt(2, { ...busy(8, 8), ...cgroup(2.5, 70) }),
        ],
        {
          cores: { value: 1.5, source: 'cgroup' },
          memory: { value: 100, source: 'cgroup' },
        },
      ),
    );
    expect(figures.cpu?.mean).toBe(0.5);
    expect(figures.memory).toEqual({ min: 50, mean: 70, max: 70 });
    expect(figures.oomKills).toBe(1);
  });

  it('reports a stall without points for a gap of more than three intervals', () => {
    const figures = summarise(
      seriesOf([
        sampleAt(0, busy(0, 0)),
        sampleAt(2, busy(2, 8)),
        sampleAt(60, busy(200, 240)),
        sampleAt(62, busy(202, 248)),
      ]),
    );
    expect(figures.stalls).toEqual([{ from: 2, to: 60 }]);
    expect(figures.points).toHaveLength(2);
    expect(figures.cpu?.max).toBe(0.25);
  });

  it('returns no negative rate after a counter was reset', () => {
    const figures = summarise(
      seriesOf([sampleAt(0, network(500, 0)), sampleAt(2, network(100, 0)), sampleAt(4, network(300, 0))]),
    );
    expect(figures.received).toEqual({ min: 100, mean: 100, max: 100 });
    expect(figures.networkBytes).toBe(200);
  });

  it('finds the longest time of memory thrashing', () => {
    const pressure = [0, 1, 1.1, 2, 3].map((waited, index) =>
      sampleAt(index * 2, { pressure: { memory: waited } }),
    );
    expect(summarise(seriesOf(pressure)).thrashSeconds).toBe(4);
  });

  it('returns undefined instead of 0 with one sample or none', () => {
    expect(summarise(seriesOf([])).cpu).toBeUndefined();
    const one = summarise(seriesOf([sampleAt(0, { ...busy(1, 2), ...memory(5) })]));
    expect(one).toMatchObject({ cpu: undefined, networkBytes: undefined, durationSeconds: 0 });
    expect(one.memory?.max).toBe(5);
  });
});

it('outputsOf omits outputs that are unknown', () => {
  expect(outputsOf(summarise(seriesOf([sampleAt(0, memory(5)), sampleAt(2, memory(7))])))).toEqual({
    'memory-peak-bytes': '7',
    'duration-seconds': '2.0',
  });
});
