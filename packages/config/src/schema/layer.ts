import * as v from 'valibot';

/** The parts of a Valibot schema that this module takes apart. */
interface Parts {
  type: string;
  entries?: Record<string, v.GenericSchema>;
  key?: v.GenericSchema<string, string>;
  value?: v.GenericSchema;
  wrapped?: v.GenericSchema;
}

/**
 * The schema of a part of the configuration as one file may have it: in declared maps every key may be missing, and
 * may be `null`, which deletes. Whatever is no declared map stays as it is.
 */
export function layerOf(schema: v.GenericSchema): v.GenericSchema {
  const { type, entries, key, value, wrapped } = schema as unknown as Parts;
  if (wrapped !== undefined) return layerOf(wrapped);
  const description = v.getDescription(schema);
  const keep = (made: v.GenericSchema): v.GenericSchema =>
    description === undefined ? made : v.pipe(made, v.description(description));
  if (type === 'strict_object' && entries !== undefined) {
    const loose = Object.entries(entries).map(([name, entry]) => [name, v.nullish(layerOf(entry))] as const);
    return keep(v.strictObject(Object.fromEntries(loose)));
  }
  if (type === 'record' && key !== undefined && value !== undefined)
    return keep(v.record(key, v.nullable(layerOf(value))));
  return schema;
}

/**
 * Of a declared map, the schema of the value under `key`; `undefined` where `schema` is no declared map: such values
 * (texts, lists, unions such as `runs-on`) replace each other whole.
 */
export function declaredMap(
  schema: v.GenericSchema,
): ((key: string) => v.GenericSchema | undefined) | undefined {
  const { type, entries, value, wrapped } = schema as unknown as Parts;
  if (wrapped !== undefined) return declaredMap(wrapped);
  if (type === 'strict_object')
    return (key) => (Object.hasOwn(entries ?? {}, key) ? entries?.[key] : undefined);
  return type === 'record' ? () => value : undefined;
}
