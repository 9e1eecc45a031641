import * as v from 'valibot';
import { textSchema } from '@runner-actions/config';
import { commonKeys, type BaseRequirement, entry, ownKeys } from '../requirement.ts';

const spec = v.strictObject({
  path: v.pipe(v.string(), v.nonEmpty('a path')),
  sha256: v.optional(
    v.pipe(textSchema, v.regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits; put them in quotes')),
  ),
  size: v.optional(v.pipe(v.number(), v.integer('a whole number of bytes'))),
  ...commonKeys,
});

export interface FileRequirement extends BaseRequirement {
  kind: 'file';
  spec: Omit<v.InferOutput<typeof spec>, keyof typeof commonKeys>;
}

/** Files on the machine, for example models or licence files. */
export const files = v.pipe(
  v.array(spec, 'a list'),
  v.transform((listed) =>
    listed.map((spec, index) =>
      entry<FileRequirement>({ kind: 'file', name: spec.path, spec: ownKeys(spec) }, ['files', index], spec),
    ),
  ),
);
