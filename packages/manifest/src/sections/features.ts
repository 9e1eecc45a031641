import * as v from 'valibot';
import { described, mapOf, oneOrMore, textSchema } from '@runner-actions/config';
import { ownValue } from '@runner-actions/core';
import { knownFeatures } from '../features/known-features.ts';
import { type BaseRequirement, commonKeys, entry, removedEntry } from '../requirement.ts';
import { toolNamed } from '../tools/catalogue.ts';
import { parseRange, type Range } from '../versions/index.ts';
import { featureName, featureNames, type Installable, installKeys } from './installable.ts';

/** An archive that is put into the runner's tool cache. */
export interface Archive {
  url: string;
  /** 64 hexadecimal digits, in lower case. */
  sha256: string;
  /** How many folders around the content are left out. */
  strip: number;
  /** Folders of the content for PATH. */
  bin: readonly string[];
}

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
  /** Archives with its programs, by system and architecture: `linux-x64`. */
  archives: Readonly<Record<string, Archive>>;
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
const inside = v.pipe(
  v.string(),
  v.regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'a folder of the archive, such as bin'),
  v.check((text) => !text.split('/').includes('..'), 'a folder inside the archive'),
);
const archive = v.strictObject(
  {
    url: described(
      v.pipe(
        v.string(),
        v.regex(/^https?:\/\/[^\s/@]+\/\S+$/, 'an address such as https://host/file.tar.gz'),
      ),
      'Address of the archive: a .zip, else a .tar of any compression that `tar` knows',
    ),
    sha256: described(
      v.pipe(textSchema, v.regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits; put them in quotes')),
      'SHA-256 of the archive',
    ),
    strip: v.optional(
      described(
        v.pipe(
          v.number(),
          v.integer('a whole number'),
          v.minValue(0, 'from 0 to 9'),
          v.maxValue(9, 'from 0 to 9'),
        ),
        'How many folders around the content are left out. Default: 0',
      ),
    ),
    bin: v.optional(
      described(
        oneOrMore(inside, 'a folder such as bin, or a list such as [bin, sbin]'),
        'Folders of the content for PATH. Default: the content itself',
      ),
    ),
  },
  'a map with url and sha256',
);
const spec = v.strictObject(
  {
    version: v.optional(described(textSchema, 'Range of its version')),
    path: v.optional(
      described(
        folder,
        'Folder of your own feature, with the programs `check` and `install`. They run only with `allow-commands`',
      ),
    ),
    archives: v.optional(
      described(
        mapOf(
          v.pipe(v.string(), v.regex(/^[a-z]+-\w+$/, 'a system and its architecture, such as linux-x64')),
          described(archive, 'The archive for this system'),
          'a map such as { linux-x64: { url: …, sha256: … } }',
        ),
        'Archives for the tool cache, by system and architecture. The version is then one version, such as 24.1.0',
      ),
    ),
    ...installKeys,
    dependsOn: v.optional(
      described(
        v.union(
          [featureNames, mapOf(featureName, described(textSchema, 'Range of its version'))],
          "a list such as [docker], or a map such as { docker: '>=24' }",
        ),
        'Features that must be installed before it, by a list, or by a map with the ranges of their versions',
      ),
    ),
    installsAfter: v.optional(
      described(featureNames, 'Features that are installed before it, if they are installed too'),
    ),
    options: v.optional(
      described(
        mapOf(optionName, described(textSchema, 'Value of the option'), 'a map such as { channel: stable }'),
        'Texts for your own feature, as `FEATURE_OPTION_NAME`',
      ),
    ),
    ...commonKeys,
  },
  "a map such as { version: '>=24' }",
);
type Spec = v.InferOutput<typeof spec>;

const any: Range = { scheme: 'semver', text: 'latest', any: true, alternatives: [] };

/** Features: docker, a compiler, or the team's own. */
export const features = v.pipe(
  mapOf(
    featureName,
    v.nullable(
      described(
        v.union([textSchema, spec], "a range such as '>=24', or a map such as { version: '>=24' }"),
        'Range of its version, or a map',
      ),
    ),
    'a map such as { docker: latest }',
  ),
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
  const { archives = {} } = map;
  const hasArchives = Object.keys(archives).length > 0;
  if (hasArchives && path !== undefined) refuse(['archives'], "either 'path' or 'archives'");
  if (hasArchives && !/^\d{1,9}\.\d{1,9}\.\d{1,9}$/.test(map.version ?? ''))
    refuse(['version'], 'one version such as 24.1.0, as that of the archives', map.version);
  if (path === undefined && !hasArchives && !Object.hasOwn(knownFeatures, name))
    refuse(
      [],
      `one of ${Object.keys(knownFeatures).join(', ')}, or your own with a 'path' or 'archives'`,
      name,
    );
  if (path === undefined && Object.keys(options).length > 0)
    refuse(['options'], "'options' only together with 'path'");
  const range = (keys: string[], of: string, text: string): Range => {
    const read = parseRange(text, toolNamed(ownValue(knownFeatures, of)?.tools[0] ?? '')?.scheme ?? 'semver');
    if (!('expected' in read)) return read;
    refuse(keys, read.expected, text);
    return any;
  };
  const needed = Array.isArray(dependsOn) ? [] : Object.entries(dependsOn);
  return {
    ...{ kind: 'feature', name, path, installsAfter, options, install: map.install ?? true },
    range: map.version === undefined ? any : range(['version'], name, map.version),
    dependsOn: Array.isArray(dependsOn) ? dependsOn : Object.keys(dependsOn),
    archives: Object.fromEntries(
      Object.entries(archives).map(([of, { sha256, strip = 0, bin = '.', ...one }]) => [
        of,
        { ...one, sha256: sha256.toLowerCase(), strip, bin: [bin].flat() },
      ]),
    ),
    needs: Object.fromEntries(needed.map(([of, text]) => [of, range(['dependsOn', of], of, text)])),
  };
}
