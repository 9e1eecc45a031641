import * as v from 'valibot';

/** A text, also when YAML reads it as a number or a truth: `node: 20`, `DEBUG: true`. */
export const text = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], 'a text'),
  v.transform((value) => String(value)),
);
