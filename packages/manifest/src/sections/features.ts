import * as v from 'valibot';
import { described, textSchema } from '@runner-actions/config';
import { knownFeatures } from '../features/known-features.ts';
import { type BaseRequirement, commonKeys, entry, removedEntry } from '../requirement.ts';
import { toolNamed } from '../tools/catalogue.ts';
import { parseRange, type Range } from '../versions/index.ts';
import { featureName, featureNames, type Installable, installKeys } from './installable.ts';

/** Several things that are installed together, by a name of their own. */
export interface FeatureRequirement extends BaseRequirement, Installable {
  kind: 'feature';
  range: Range;
  /** The folder of a feature of the team's own, with the programs `check` and `install`. */
  path: string | undefined;
  /** Features that are installed before it if they are installed too. */
  installsAfter: readonly string[];
  /** The versions of other features that it needs. */
  needs: Readonly<Record<string, Range>>;
  /** Passed to the programs of a feature of the team's own. */
  options: Readonly<Record<string, string>>;
}

const folder = v.pipe(
  v.string(),
  v.regex(/^\.\/[\w.-]+(?:\/[\w.-]+)*$/, 'a folder of the checkout, such as ./.github/features/keys'),
  v.check((text) => !text.split('/').includes('..'), 'a folder inside the checkout'),
);
const optionName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z]\w{0,49}$/, 'the name of an option, such as channel'),
);
const spec = v.strictObject({
  version: v.optional(described(textSchema, 'Range of its version')),
  path: v.optional(
    described(
      folder,
      'Folder of your own feature, with the programs `check` and `install`. They run only with `allow-commands`',
    ),
  ),
  ...installKeys,
  dependsOn: v.optional(
    described(
      v.union([featureNames, v.record(featureName, textSchema)], 'a list of features, or a map with ranges'),
      'Features that must be installed before it, by a list, or by a map with the ranges of their versions',
    ),
  ),
  installsAfter: v.optional(
    described(featureNames, 'Features that are installed before it, if they are installed too'),
  ),
  options: v.optional(
    described(v.record(optionName, textSchema), 'Texts for your own feature, as `FEATURE_OPTION_NAME`'),
  ),
  ...commonKeys,
});
type Spec = v.InferOutput<typeof spec>;

const any: Range = { scheme: 'semver', text: 'latest', any: true, alternatives: [] };

/** Features: docker, a compiler, or the team's own. */
export const features = v.pipe(
  v.record(featureName, v.nullable(v.union([textSchema, spec], 'a range or a map'))),
  v.rawTransform(({ dataset, addIssue }) => {
    type Path = NonNullable<Parameters<typeof addIssue>[0]>['path'];
    return Object.entries(dataset.value).map(([name, given]) => {
      const at = ['features', name];
      if (given === null)
        return removedEntry(
          readFeature(name, { path: '.' }, () => undefined),
          at,
        );
      const map: Spec = typeof given === 'string' ? { version: given } : given;
      const refuse: Refuse = (keys, message, found) => {
        const steps = [name, ...(typeof given === 'string' ? [] : keys)].map((key) => ({
          ...{ type: 'object', origin: 'value', key, value: given },
        }));
        addIssue({ message, input: found, path: steps as unknown as Path });
      };
      return entry<FeatureRequirement>(readFeature(name, map, refuse), at, map);
    });
  }),
);

type Refuse = (keys: readonly string[], message: string, found?: string) => void;

function readFeature(name: string, map: Spec, refuse: Refuse): FeatureRequirement {
  const { path, installsAfter = [], options = {}, dependsOn = [] } = map;
  if (path === undefined && !Object.hasOwn(knownFeatures, name))
    refuse([], `one of ${Object.keys(knownFeatures).join(', ')}, or your own with a 'path'`, name);
  if (path === undefined && Object.keys(options).length > 0)
    refuse(['options'], "'options' only together with 'path'");
  const range = (keys: string[], of: string, text: string): Range => {
    const read = parseRange(text, toolNamed(knownFeatures[of]?.tools[0] ?? '')?.scheme ?? 'semver');
    if (!('expected' in read)) return read;
    refuse(keys, read.expected, text);
    return any;
  };
  const needed = Array.isArray(dependsOn) ? [] : Object.entries(dependsOn);
  return {
    ...{ kind: 'feature', name, path, installsAfter, options, install: map.install ?? true },
    range: map.version === undefined ? any : range(['version'], name, map.version),
    dependsOn: Array.isArray(dependsOn) ? dependsOn : Object.keys(dependsOn),
    needs: Object.fromEntries(needed.map(([of, text]) => [of, range(['dependsOn', of], of, text)])),
  };
}
