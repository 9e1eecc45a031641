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

const labels = texts.filter((text) => !/,|\$\{\{/.test(text));
const runsOn = fc.oneof(
  labels,
  fc.array(labels, { minLength: 1, maxLength: 3 }),
  fc.record({ group: texts, labels }),
);
const pool = partOf({ 'runs-on': runsOn, 'cost-per-hour': fc.constantFrom(0, 0.5, '0.50', 12) });

/** The content of one file as plain data: maps with deletions, lists, and texts whose form matters. */
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

const goodPool = fc
  .record({ 'runs-on': runsOn, cost: maybe(fc.constantFrom(0, 0.5, '0.50')), waits: fc.boolean() })
  .map(({ cost, waits, ...pool }) => ({
    ...pool,
    ...(cost === undefined ? {} : { 'cost-per-hour': cost }),
    ...(waits ? { 'when-busy': 'wait', wait: '90s' } : {}),
  }));
const shares = fc.constantFrom('25%', '0%', '100%', '12.5%');

/** A complete valid configuration: pools with an order, classes and an environment that match them. */
export const goodConfig: fc.Arbitrary<Record<string, unknown>> = fc
  .dictionary(names, goodPool, { minKeys: 1, maxKeys: 4 })
  .chain((pools) => {
    const some = fc.shuffledSubarray(Object.keys(pools), { minLength: 1 });
    const jobClass = partOf({
      pools: some,
      cpus: fc.constantFrom(0.5, 4, '1.50'),
      memory: fc.constantFrom('1GiB', '1000B'),
      rollout: shares,
    });
    const [first = ''] = Object.keys(pools);
    return fc.record(
      {
        pools: fc.constant(pools),
        'pool-order': some,
        classes: fc.dictionary(names, jobClass, { maxKeys: 3 }),
        fallback: runsOn,
        rollout: fc.dictionary(names, shares, { maxKeys: 3 }),
        trust: fc.constantFrom('same-repository', ['MEMBER', 'dependabot', 'permission:write', 'label:a: b']),
        breaker: partOf({
          failures: fc.constant('3/15m/30m'),
          'success-rate': fc.constant({ below: '80%', over: '24h' }),
          duration: fc.constantFrom({ above: '2x' }, { above: '1.5x', runs: 5 }),
        }),
        requirements: texts,
        cache: partOf({
          root: fc.constantFrom('/srv/a b', 'C:\\x # y'),
          'max-size': fc.constantFrom('20%', '1TiB', '1000B'),
        }),
        environments: fc.constant({
          test: { pools: { [first]: { 'cost-per-hour': 3 } }, metrics: { charts: 'none' } },
        }),
      },
      { requiredKeys: ['pools', 'environments'] },
    );
  });
