import * as v from 'valibot';

type Key = v.GenericSchema<string, string>;
type MapOf<K extends Key, V extends v.GenericSchema> = v.RecordSchema<K, V, string | undefined>;

/**
 * Creates the schema of a map whose keys the user chooses. Each key counts: `record` of Valibot skips `constructor`,
 * `prototype` and `__proto__` without a word, so what they require would seem to be met. The result has no prototype, so
 * that a lookup of such a name finds only what the user wrote. A list is no map.
 * @param expected what to write instead of something else, with an example: `a map such as { node: 20 }`
 */
export function mapOf<const K extends Key, const V extends v.GenericSchema>(
  key: K,
  value: V,
  expected?: string,
): MapOf<K, V> {
  // eslint-disable-next-line no-restricted-syntax -- Its `~run`, which skips keys, is replaced.
  const schema = v.record(key, value, expected);
  return Object.assign(schema, {
    '~run': (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) => {
      const input = dataset.value;
      if (typeof input === 'object' && input !== null && !Array.isArray(input))
        return runEach(input, schema, config);
      v._addIssue(schema, 'type', dataset as never, config as never);
      return dataset;
    },
  }) as MapOf<K, V>;
}

/** Validates each key and each value. Every issue gets the path of its entry. */
function runEach<K extends Key, V extends v.GenericSchema>(
  input: object,
  { key, value }: MapOf<K, V>,
  config: v.Config<v.BaseIssue<unknown>>,
) {
  const issues: v.BaseIssue<unknown>[] = [];
  const output = Object.create(null) as Record<string, unknown>;
  let typed = true;
  for (const [name, child] of Object.entries(input)) {
    const [readKey, readValue] = [
      key['~run']({ value: name }, config),
      value['~run']({ value: child }, config),
    ];
    const step = { type: 'object', input, key: name, value: child } as const;
    issues.push(...placed(readKey.issues, { ...step, origin: 'key' }));
    issues.push(...placed(readValue.issues, { ...step, origin: 'value' }));
    if (readKey.typed) output[readKey.value] = readValue.value;
    typed &&= readKey.typed && readValue.typed;
  }
  const [first, ...others] = issues;
  return { typed, value: output, ...(first === undefined ? {} : { issues: [first, ...others] }) };
}

function placed(issues: readonly v.BaseIssue<unknown>[] = [], step: object): v.BaseIssue<unknown>[] {
  return issues.map((issue) => ({ ...issue, path: [step, ...(issue.path ?? [])] }) as v.BaseIssue<unknown>);
}
