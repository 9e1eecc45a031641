import * as v from 'valibot';
import { described, oneOrMore } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, ownKeys } from '../requirement.ts';
import { machinePath } from './machine-path.ts';

const text = (expected: string) => v.pipe(v.string(), v.nonEmpty(expected));
const option = v.pipe(v.string(), v.regex(/^!?[^!,\s]+$/, "an option such as noatime, or '!noexec'"));

const spec = v.strictObject(
  {
    path: described(machinePath, 'Where it is mounted. `$NAME` is a variable'),
    within: v.optional(
      described(v.boolean('true or false'), 'Whether the path may also lie below the place of the mount'),
    ),
    type: v.optional(
      described(
        oneOrMore(text('a type'), 'a type such as ext4, or a list such as [ext4, xfs]'),
        'Type of the file system, such as ext4 or nfs4',
      ),
    ),
    source: v.optional(described(text('a source'), 'What is mounted, such as /dev/sdb1 or server:/path')),
    options: v.optional(
      described(
        v.array(option, "a list such as [noatime, '!noexec']"),
        'Options that it has, or with `!` that it does not have',
      ),
    ),
    ...commonKeys,
  },
  'a map such as { path: /data, type: ext4 }',
);

export interface MountRequirement extends BaseRequirement {
  kind: 'mount';
  spec: Omit<v.InferOutput<typeof spec>, keyof typeof commonKeys>;
}

/** Mounted file systems. */
export const mounts = v.pipe(
  v.array(spec, 'a list such as [{ path: /data, type: ext4 }]'),
  v.transform((listed) =>
    listed.map((spec, index) =>
      entry<MountRequirement>(
        { kind: 'mount', name: spec.path, spec: ownKeys(spec) },
        ['mounts', index],
        spec,
      ),
    ),
  ),
);
