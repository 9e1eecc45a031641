import fc from 'fast-check';

const texts = fc.oneof(
  fc.constantFrom('1.10', '0755', '012345e6', 'yes', '~', 'a: b', '# x', "it's", '"', 'ünï', ' x', '-'),
  fc.string({ minLength: 1, maxLength: 8 }).filter((text) => /\S/.test(text)),
);
const names = fc.constantFrom('a', 'b', 'c', 'zeta', '1a');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });

function partOf(entries: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const optional = Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, maybe(nullable(value))]),
  );
  return fc
    .record(optional)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
}

const runsOn = fc.oneof(
  texts,
  fc.array(texts, { minLength: 1, maxLength: 3 }),
  fc.record({ group: texts, labels: texts }),
);
const pool = partOf({ 'runs-on': runsOn, 'cost-per-hour': fc.constantFrom(0, 0.5, '0.50', 12) });

/** What one file may say, as plain data: maps with deletions, lists, texts whose form matters. */
export const layer: fc.Arbitrary<Record<string, unknown>> = partOf({
  pools: fc.dictionary(names, nullable(pool), { maxKeys: 4 }),
  rollout: fc.dictionary(names, nullable(fc.constantFrom('0%', '25%', '100%')), { maxKeys: 3 }),
  metrics: partOf({
    interval: fc.constantFrom('1s', '2m'),
    currency: fc.constantFrom('EUR', 'USD'),
    charts: fc.constantFrom('text', 'none'),
  }),
  cache: partOf({
    root: fc.constant('/srv/a b'),
    'max-age': fc.constantFrom('1d', '90s'),
    remote: fc.constantFrom('auto', 'off'),
  }),
  cleanup: partOf({ keep: fc.array(fc.constantFrom('a', '!b/**', '.git', '0755'), { maxLength: 3 }) }),
  requirements: texts,
});
