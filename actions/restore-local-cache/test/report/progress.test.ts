import { describe, expect, it } from 'vitest';
import { throttleProgress } from '../../src/report/progress.ts';

describe('throttleProgress', () => {
  it('reports the totals every ten seconds during the work', () => {
    const said: unknown[] = [];
    let now = 0;
    const tick = throttleProgress(
      (...all) => said.push(all),
      10_000,
      () => now,
    );
    for (let call = 0; call < 6400; call += 1) {
      now += 10;
      tick(1, 100);
    }
    const times = said.map((all) => Math.round((all as number[])[2]! / 1000));
    expect(times).toEqual([10, 20, 31, 41, 51, 61]);
    expect(said[0]).toEqual([1024, 102_400, 10_240]);
  });

  it('checks the clock for each large item', () => {
    let now = 0;
    const said: unknown[] = [];
    const tick = throttleProgress(
      (...all) => said.push(all),
      10_000,
      () => now,
    );
    tick(0, 5_000_000);
    now = 11_000;
    tick(0, 5_000_000);
    expect(said).toEqual([[0, 10_000_000, 11_000]]);
  });
});
