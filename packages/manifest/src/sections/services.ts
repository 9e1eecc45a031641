import * as v from 'valibot';
import { described, mapOf } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, ownKeys, removedEntry } from '../requirement.ts';

const flag = v.boolean('true or false');

/** Source: systemd.unit(5). A name does not begin with "-", so that no program takes it for an option. */
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_][\w.:@\\-]{0,254}$/, 'the name of a service, such as docker or docker.socket'),
);

const spec = v.strictObject(
  {
    active: v.optional(described(flag, 'Whether it runs now. Default: true, unless `enabled` is stated')),
    enabled: v.optional(described(flag, 'Whether it starts with the machine')),
    ...commonKeys,
  },
  'a map such as { enabled: true }, or {} for one that runs',
);

export interface ServiceRequirement extends BaseRequirement {
  kind: 'service';
  spec: Omit<v.InferOutput<typeof spec>, keyof typeof commonKeys>;
}

/** Services of the machine, by the name of the unit. Without a suffix, `.service` is meant. */
export const services = v.pipe(
  mapOf(
    name,
    v.nullable(
      described(spec, 'Name of the unit. Without a suffix, `.service` is meant. `{}` means that it runs'),
    ),
    'a map such as { docker: {} }',
  ),
  v.transform((named) =>
    Object.entries(named).map(([name, given]) =>
      given === null
        ? removedEntry<ServiceRequirement>({ kind: 'service', name, spec: {} }, ['services', name])
        : entry<ServiceRequirement>(
            { kind: 'service', name, spec: ownKeys(given) },
            ['services', name],
            given,
          ),
    ),
  ),
);
