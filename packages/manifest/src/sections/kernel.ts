import * as v from 'valibot';
import { described, mapOf } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, type ParsedText } from '../requirement.ts';
import { type Comparison, kernelValue, limitValue } from './comparison.ts';

/** Source: sysctl.d(5). No part is `.` or `..`, so that the path stays in /proc/sys. */
const parameter = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_:@+-]+)+$/, 'a parameter such as vm.max_map_count'),
);
const module = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'the name of a module, such as overlay'));

/** Limits by their names in limits.conf(5) and systemd.exec(5). */
export const limitNames = [
  ...(['as', 'core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile'] as const),
  ...(['nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack'] as const),
] as const;
export type LimitName = (typeof limitNames)[number];

const spec = v.strictObject(
  {
    parameters: v.optional(
      described(
        mapOf(
          parameter,
          described(kernelValue, 'A value, or a comparison with a whole number, such as `>=262144`'),
          "a map such as { vm.max_map_count: '>=262144' }",
        ),
        'Parameters as `sysctl` shows them, such as vm.max_map_count',
      ),
    ),
    modules: v.optional(
      described(v.array(module, 'a list such as [overlay, fuse]'), 'Modules that are loaded or built in'),
    ),
    limits: v.optional(
      described(
        mapOf(
          v.picklist(limitNames, `one of ${limitNames.join(', ')}`),
          v.optional(described(limitValue, 'A number, a size or `unlimited`, such as `>=65536`')),
          "a map such as { nofile: '>=65536' }",
        ),
        'Limits of the processes of a job, as `ulimit` shows them (soft limits)',
      ),
    ),
    ...commonKeys,
  },
  'a map such as { modules: [overlay] }',
);

export type KernelRequirement =
  | (BaseRequirement & { kind: 'parameter'; wanted: ParsedText<Comparison> })
  | (BaseRequirement & { kind: 'module' })
  | (BaseRequirement & { kind: 'limit'; wanted: ParsedText<Comparison> });

/** Settings of the kernel, its modules, and limits of processes. */
export const kernel = v.pipe(
  spec,
  v.transform(({ parameters = {}, modules = [], limits = {}, ...common }) => [
    ...Object.entries(parameters).map(([name, wanted]) =>
      entry({ kind: 'parameter' as const, name, wanted }, ['kernel', 'parameters', name], common),
    ),
    ...modules.map((name, index) =>
      entry({ kind: 'module' as const, name }, ['kernel', 'modules', index], common),
    ),
    ...Object.entries(limits).flatMap(([name, wanted]) =>
      wanted === undefined
        ? []
        : [entry({ kind: 'limit' as const, name, wanted }, ['kernel', 'limits', name], common)],
    ),
  ]),
);
