import * as v from 'valibot';

/** Schema of a text. Also accepts a value that YAML parses as a number or a boolean: `node: 20`, `DEBUG: true`. */
export const textSchema = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], 'a text'),
  v.transform((value) => String(value)),
);
