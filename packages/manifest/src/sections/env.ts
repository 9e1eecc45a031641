import * as v from 'valibot';
import { described, mapOf, textSchema } from '@runner-actions/config';
import { commonKeys, type BaseRequirement, entry, ownKeys, removedEntry } from '../requirement.ts';
import { regularExpression } from './tools.ts';

const flag = v.boolean('true or false');
const spec = v.strictObject(
  {
    set: v.optional(described(flag, 'Whether the variable must be set. An empty one does not count as set')),
    secret: v.optional(described(flag, 'Whether the value is a secret, which is never shown')),
    equals: v.optional(described(textSchema, 'The value')),
    matches: v.optional(described(regularExpression, 'Regular expression that the value matches')),
    is: v.optional(
      described(
        v.picklist(['directory', 'file'], "'directory' or 'file'"),
        'What is at the path in the value',
      ),
    ),
    ...commonKeys,
  },
  'a map such as { set: true }, or { equals: text }',
);

/** On Windows, a name may have blanks and brackets: `ProgramFiles(x86)`. */
const name = v.pipe(v.string(), v.regex(/^[^=\r\n]{1,255}$/, 'the name of a variable, such as JAVA_HOME'));

export interface EnvRequirement extends BaseRequirement {
  kind: 'env';
  spec: Omit<v.InferOutput<typeof spec>, keyof typeof commonKeys>;
}

/** Environment variables of the job. */
export const env = v.pipe(
  mapOf(
    name,
    v.nullable(described(spec, 'Name of the variable')),
    'a map such as { JAVA_HOME: { is: directory } }',
  ),
  v.transform((variables) =>
    Object.entries(variables).map(([name, given]) => {
      const at = ['env', name];
      if (given === null) return removedEntry<EnvRequirement>({ kind: 'env', name, spec: {} }, at);
      return entry<EnvRequirement>({ kind: 'env', name, spec: ownKeys(given) }, at, given);
    }),
  ),
);
