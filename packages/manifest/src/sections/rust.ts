import * as v from 'valibot';
import { described, oneOrMore, textSchema } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, type ParsedText, parsedText } from '../requirement.ts';
import { type Installable, installableFrom, installKeys } from './installable.ts';
import { parseRange, type Range } from '../versions/index.ts';

export interface RustRequirement extends BaseRequirement, Installable {
  kind: 'rust';
  /** As after `cargo +`: `stable`, `1.80`, `nightly-2024-05-01`. `undefined`: rustup's default toolchain. */
  toolchain: string | undefined;
  version: ParsedText<Range> | undefined;
  components: readonly string[];
  targets: readonly string[];
}

const range = parsedText((text) => parseRange(text, 'semver'), 'a range such as >=1.80', '>=1.80');
const word = (what: string) => v.pipe(textSchema, v.regex(/^\w[\w.-]{0,99}$/, what));
const spec = v.strictObject(
  {
    toolchain: v.optional(
      described(
        word('a toolchain such as stable, 1.80 or nightly-2024-05-01'),
        "Toolchain of rustup. Default: rustup's default toolchain",
      ),
    ),
    version: v.optional(described(range, 'Range of the version of Rust, for channels such as stable')),
    components: v.optional(
      described(
        oneOrMore(word('a component such as clippy'), 'a component such as clippy, or a list of them'),
        'Components, such as clippy and rustfmt',
      ),
    ),
    targets: v.optional(
      described(
        oneOrMore(
          word('a target such as wasm32-unknown-unknown'),
          'a target such as wasm32-unknown-unknown, or a list of them',
        ),
        'Targets, such as wasm32-unknown-unknown',
      ),
    ),
    ...installKeys,
    ...commonKeys,
  },
  'a map such as { toolchain: stable }',
);

/** Toolchains of Rust, their components and targets. */
export const rust = v.pipe(
  v.array(spec, 'a list such as [{ toolchain: stable }]'),
  v.transform((listed) =>
    listed.map((one, index) => {
      const { toolchain, version, components = [], targets = [] } = one;
      const requirement: RustRequirement = {
        ...{ kind: 'rust', name: toolchain ?? 'default', toolchain, version },
        ...{ components: [components].flat(), targets: [targets].flat() },
        ...installableFrom(one),
      };
      return entry(requirement, ['rust', index], one);
    }),
  ),
);
