import * as v from 'valibot';
import { described } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, ownKeys } from '../requirement.ts';

const number = v.pipe(
  v.number('a number from 1 to 65535'),
  v.integer('a whole number'),
  v.minValue(1, 'a number from 1 to 65535'),
  v.maxValue(65_535, 'a number from 1 to 65535'),
);

const spec = v.strictObject(
  {
    port: described(number, 'Number of the port'),
    protocol: v.optional(described(v.picklist(['tcp', 'udp'], "'tcp' or 'udp'"), 'Protocol. Default: `tcp`')),
    is: v.optional(
      described(
        v.picklist(['listening', 'free'], "'listening' or 'free'"),
        'Whether something listens to it, or nothing does. Default: `listening`',
      ),
    ),
    address: v.optional(
      described(
        v.union([v.pipe(v.string(), v.ipv4()), v.pipe(v.string(), v.ipv6())], 'an IPv4 or IPv6 address'),
        'Address of this machine. Default: any',
      ),
    ),
    ...commonKeys,
  },
  'a map such as { port: 5432 }',
);

export interface PortRequirement extends BaseRequirement {
  kind: 'port';
  spec: Omit<v.InferOutput<typeof spec>, keyof typeof commonKeys>;
}

/** Ports of this machine that something listens to, or that are free. */
export const ports = v.pipe(
  v.array(spec, 'a list such as [{ port: 5432 }]'),
  v.transform((listed) =>
    listed.map((spec, index) => {
      const name = `${spec.port}/${spec.protocol ?? 'tcp'}${spec.address === undefined ? '' : ` on ${spec.address}`}`;
      return entry<PortRequirement>({ kind: 'port', name, spec: ownKeys(spec) }, ['ports', index], spec);
    }),
  ),
);
