import { describe, expect, it } from 'vitest';
import { checkMetrics, type Family, histogramOf, RefusedMetrics } from '../src/index.ts';
import { cleanText } from '../src/label-value.ts';
import { hostileName } from './examples.ts';

const gauge = (name: string, more: Partial<Family> = {}): Family =>
  ({ name, type: 'gauge', help: 'Help.', samples: [{ labels: {}, value: 1 }], ...more }) as Family;
const allowed = { labels: ['step', 'job'] };
const check = (...families: Family[]) => checkMetrics(families, allowed);

describe('checkMetrics', () => {
  it.each<[string, Family, string]>([
    ['a dash in a name', gauge('ci-job'), 'small letters'],
    ['a capital letter', gauge('ciJobs'), 'small letters'],
    ['a colon, which recording rules have', gauge('ci:job'), 'small letters'],
    ['a name of a stranger’s length', gauge('a'.repeat(101)), '100 characters'],
    ['milliseconds', gauge('ci_job_duration_ms'), 'not a base unit'],
    ['minutes', gauge('ci_minutes_waited'), 'not a base unit'],
    ['percent', gauge('ci_cpu_percent'), 'not a base unit'],
    ['a type in the name', gauge('ci_gauge_jobs'), 'name of a type'],
    ['a gauge with _total', gauge('ci_jobs_total'), '_total'],
    ['a gauge with _count', gauge('ci_jobs_count'), '_count'],
    ['a counter without _total', gauge('ci_jobs', { type: 'counter' }), 'ends in _total'],
    ['a unit that the name lacks', gauge('ci_job_duration', { unit: 'seconds' }), 'seconds, at its end'],
    ['a unit that is not one', gauge('ci_job_ms', { unit: 'ms' }), 'not a base unit'],
    ['no help', gauge('ci_jobs', { help: ' ' }), 'help text'],
    [
      'a negative counter',
      gauge('ci_jobs_total', { type: 'counter', samples: [{ labels: {}, value: -1 }] }),
      'cannot be -1',
    ],
    [
      'a label that is not allowed',
      gauge('ci_jobs', { samples: [{ labels: { run_id: '1' }, value: 1 }] }),
      "'run_id' is not one of step, job",
    ],
  ])('refuses %s, and names the family', (_case, family, message) => {
    expect(() => check(family)).toThrow(RefusedMetrics);
    expect(() => check(family)).toThrow(message);
    expect(() => check(family)).toThrow(family.name.slice(0, 70));
  });

  it('refuses a label that the formats use themselves, even if the caller allows it', () => {
    for (const label of ['le', '__name__', 'a-b'])
      expect(() =>
        checkMetrics([gauge('ci_jobs', { samples: [{ labels: { [label]: 'x' }, value: 1 }] })], {
          labels: [label],
        }),
      ).toThrow('is not one of');
  });

  it('refuses two families whose series would have the same name', () => {
    const histogram: Family = { name: 'ci_wait', type: 'histogram', help: 'x', samples: [] };
    expect(() => check(gauge('ci_jobs'), gauge('ci_jobs'))).toThrow('ci_jobs: two families');
    expect(() => check(histogram, gauge('ci_wait'))).toThrow('ci_wait: two families');
  });

  it.each([
    [
      'counts that fall',
      [
        { upTo: 1, count: 3 },
        { upTo: 2, count: 2 },
      ],
      3,
      'do not fall',
    ],
    ['more in a bucket than there are', [{ upTo: 1, count: 3 }], 2, 'do not fall'],
    ['half a value', [{ upTo: 1, count: 0.5 }], 1, 'whole numbers'],
    [
      'bounds out of order',
      [
        { upTo: 2, count: 1 },
        { upTo: 1, count: 1 },
      ],
      1,
      'must ascend',
    ],
    ['a bound without end', [{ upTo: Infinity, count: 1 }], 1, 'must ascend and be finite'],
    ['a bound that is no number', [{ upTo: Number.NaN, count: 1 }], 1, 'must ascend'],
  ])('refuses a histogram with %s', (_case, buckets, count, message) => {
    const samples = [{ labels: {}, buckets, count, sum: 1 }];
    expect(() => check({ name: 'ci_wait_seconds', type: 'histogram', help: 'x', samples })).toThrow(message);
  });

  it('leaves out values that are not finite, and families without samples, and says so', () => {
    const samples = [Number.NaN, Infinity, -Infinity, 5].map((value, index) => ({
      labels: { step: String(index) },
      value,
    }));
    const { families, notes } = check(
      gauge('ci_some', { samples }),
      gauge('ci_none', { samples: samples.slice(0, 3) }),
    );
    expect(families.map(({ name, samples: left }) => [name, left.length])).toEqual([['ci_some', 1]]);
    expect(notes).toEqual([
      'ci_some: 3 without a finite value left out.',
      'ci_none: 3 without a finite value left out.',
    ]);
  });

  it('keeps the first of two samples whose long names become the same, and says so', () => {
    const samples = ['b', 'c'].map((end, index) => ({
      labels: { step: 'a'.repeat(200) + end },
      value: index,
    }));
    const { families, notes } = check(gauge('ci_some', { samples }));
    expect(families[0]?.samples).toEqual([{ labels: { step: 'a'.repeat(200) }, value: 0 }]);
    expect(notes).toEqual(['ci_some: 1 left out, because others have the same labels and come first.']);
  });

  it('takes 100 series, refuses 101, and names the family that has the most', () => {
    const steps = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ labels: { step: String(index) }, value: 1 }));
    const histogram: Family = {
      name: 'ci_wait_seconds',
      type: 'histogram',
      help: 'x',
      samples: [histogramOf({}, [1, 2, 3], [1])],
    };
    expect(check(histogram, gauge('ci_steps', { samples: steps(94) })).series).toBe(100);
    expect(() => check(histogram, gauge('ci_steps', { samples: steps(95) }))).toThrow(
      '101 series are more than the 100 that one export may have. ci_steps has 95 of them: its labels (step) have too many values',
    );
    expect(
      checkMetrics([gauge('ci_steps', { samples: steps(4_000) })], { ...allowed, series: 5_000 }).series,
    ).toBe(4_000);
  });
});

describe('cleanText', () => {
  it('cuts at 200 characters, not inside one', () => {
    expect(Array.from(cleanText('😀'.repeat(300)))).toHaveLength(200);
    expect(cleanText('\ud800'.repeat(2))).toBe('\ufffd\ufffd');
    expect(Array.from(cleanText('\u0000'.repeat(300)))).toHaveLength(200);
  });

  it('leaves no control character and nothing that turns the order of a text around', () => {
    expect(cleanText(hostileName)).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(cleanText(hostileName)).toContain('a "quoted" \\ name\\n# TYPE x counter\\r');
  });

  it('takes no time for a text of any length', () => {
    expect(cleanText('x'.repeat(50_000_000))).toHaveLength(200);
  });
});

describe('histogramOf', () => {
  it('counts each value in all buckets from its own on, and leaves out what is not finite', () => {
    expect(histogramOf({ a: 'b' }, [1, 2], [1, 1.5, 3, Number.NaN])).toEqual({
      labels: { a: 'b' },
      buckets: [
        { upTo: 1, count: 1 },
        { upTo: 2, count: 2 },
      ],
      count: 3,
      sum: 5.5,
    });
  });
});
