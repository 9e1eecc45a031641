import * as v from 'valibot';
import { commonKeys, type BaseRequirement, entry, type ParsedText, parsedText } from '../requirement.ts';
import { parseRange, type Range } from '../versions/index.ts';

export interface PackageRequirement extends BaseRequirement {
  kind: 'package';
  version: ParsedText<Range> | undefined;
}

const range = parsedText((text) => parseRange(text, 'deb'), 'a range such as >=8.5 or 3');
const spec = v.strictObject({
  apt: v.union([v.string(), v.array(v.string())]),
  version: v.optional(range),
  ...commonKeys,
});

/** Packages that dpkg has installed. */
export const packages = v.pipe(
  v.array(spec, 'a list'),
  v.transform((listed) =>
    listed.flatMap((spec, index) =>
      [spec.apt]
        .flat()
        .map((name) =>
          entry({ kind: 'package' as const, name, version: spec.version }, ['packages', index], spec),
        ),
    ),
  ),
);
