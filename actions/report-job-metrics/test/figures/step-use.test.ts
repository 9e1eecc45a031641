import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../src/figures/points.ts';
import { useOfSteps } from '../../src/figures/step-use.ts';

const settings = { cores: 4, jobSeconds: 10 };
const step = (name: string, from: number, to: number) => ({ name, span: { from, to } });
const pointsOf = (values: readonly Partial<Point>[]): Point[] =>
  values.map((value, index) => ({ at: 2 * (index + 1), seconds: 2, ...value }));
/** The job used 1 of 4 CPUs, the machine 3, over 10 s. */
const points = pointsOf([1, 2, 5, 4, 3].map((gib) => ({ cpu: 0.75, jobCpu: 0.25, jobMemoryBytes: gib })));

describe('useOfSteps', () => {
  it('divides the job’s own use among steps, interpolated at their edges', () => {
    const { whose, steps, kinds } = useOfSteps([step('build', 0, 5), step('test', 5, 10)], points, settings);
    expect(whose).toBe('job');
    expect(steps[0]).toMatchObject({
      kind: 'build',
      seconds: 5,
      cpuSeconds: 5,
      cpu: 0.25,
      memoryPeakBytes: 2,
    });
    expect(steps[1]).toMatchObject({
      kind: 'test',
      seconds: 5,
      cpuSeconds: 5,
      cpu: 0.25,
      memoryPeakBytes: 5,
    });
    expect(kinds).toEqual([
      { kind: 'build', seconds: 5, share: 0.5, cpuSeconds: 5 },
      { kind: 'test', seconds: 5, share: 0.5, cpuSeconds: 5 },
    ]);
  });

  it('weights a point by the part of it that the step had', () => {
    const uneven = pointsOf([{ cpu: 1 }, { cpu: 0 }]);
    const [first] = useOfSteps([step('a', 1, 4)], uneven, settings).steps;
    expect(first?.cpu).toBeCloseTo(1 / 3);
    expect(first?.cpuSeconds).toBeCloseTo(4);
  });

  it('uses the machine’s figures if no point knows the job’s, and says so', () => {
    const machine = points.map(({ at, seconds }) => ({ at, seconds, cpu: 0.75, memoryBytes: 9 }));
    const { whose, steps } = useOfSteps([step('a', 0, 10)], machine, settings);
    expect(whose).toBe('machine');
    expect(steps[0]).toMatchObject({ cpu: 0.75, memoryPeakBytes: 9 });
  });

  it('has no figures for a step with fewer than two samples in it, but its time', () => {
    const { steps } = useOfSteps([step('a', 2.5, 4.5), step('b', 8, 8)], points, settings);
    expect(steps[0]).toEqual({ kind: 'other', parallel: false, group: false, seconds: 2 });
    expect(steps[1]).toEqual({ kind: 'other', parallel: false, group: false, seconds: 0 });
  });

  it('leaves out the time of a stall, in which nothing was measured', () => {
    const gap = [
      { at: 2, seconds: 2, cpu: 0.5 },
      { at: 62, seconds: 2, cpu: 0.5 },
    ];
    expect(useOfSteps([step('a', 0, 62)], gap, { cores: 1, jobSeconds: 62 }).steps[0]).toMatchObject({
      ...{ cpu: 0.5, cpuSeconds: 2, seconds: 62 },
    });
  });
});

describe('useOfSteps: parallel steps', () => {
  it('marks steps with the same start, and shares time and use between them', () => {
    const { steps } = useOfSteps([step('A', 0, 10), step('B', 0, 10)], points, settings);
    for (const one of steps) {
      expect(one).toMatchObject({ parallel: true, seconds: 5, cpuSeconds: 5, cpu: 0.25 });
    }
  });

  it('does not count the group that GitHub lists for them', () => {
    const listed = [step('Parallel group', 0, 10), step('A', 0, 10), step('B', 0, 6), step('C', 10, 10)];
    const { steps, kinds } = useOfSteps(listed, points, settings);
    expect(steps.map(({ group, parallel }) => [group, parallel])).toEqual([
      ...[
        [true, false],
        [false, true],
        [false, true],
        [false, false],
      ],
    ]);
    expect(steps[0]?.seconds).toBe(0);
    expect(kinds).toMatchObject([{ kind: 'other', share: 1 }]);
  });

  it('takes a step of that name for a step if it runs alone', () => {
    const listed = [step('Parallel group', 0, 5), step('A', 5, 10)];
    expect(useOfSteps(listed, points, settings).steps[0]).toMatchObject({ group: false, seconds: 5 });
  });

  it('never adds up to more than the job’s use and time, whatever GitHub’s times are', () => {
    const time = fc.integer({ min: -3, max: 14 });
    const steps = fc.array(fc.tuple(fc.constantFrom('A', 'Parallel group'), time, time), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (given) => {
        const listed = given.map(([name, a, b]) => step(name, Math.min(a, b), Math.max(a, b)));
        const use = useOfSteps(listed, points, { cores: 4, jobSeconds: 17 });
        const sum = (key: 'seconds' | 'cpuSeconds') =>
          use.steps.reduce((all, one) => all + (one[key] ?? 0), 0);
        expect(sum('cpuSeconds')).toBeLessThanOrEqual(10.000_001);
        expect(sum('seconds')).toBeLessThanOrEqual(17.000_001);
        expect(use.kinds.reduce((all, { share }) => all + share, 0)).toBeLessThanOrEqual(1.000_001);
      }),
    );
  });
});
