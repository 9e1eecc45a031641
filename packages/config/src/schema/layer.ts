import * as v from 'valibot';
import { mapOf } from './map-of.ts';

/** The parts of a Valibot schema that this module reads. */
interface Parts {
  type: string;
  entries?: Record<string, v.GenericSchema>;
  key?: v.GenericSchema<string, string>;
  value?: v.GenericSchema;
  wrapped?: v.GenericSchema;
}

/**
 * Converts a schema to the schema for one file: in declared maps every key may be missing, or `null`, which deletes
 * it. Other schemas stay unchanged.
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
    return keep(mapOf(key, v.nullable(layerOf(value))));
  return schema;
}

/**
 * For a declared map, returns a function that gives the schema of the value under a key. Returns `undefined` for
 * every other schema (texts, lists, unions such as `runs-on`): such values are replaced as a whole.
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
