import * as v from 'valibot';
import { described } from '@runner-actions/config';

/** What `mode: install` does about a requirement that is not met. */
export interface Installable {
  /** Whether it may be installed. */
  install: boolean;
  /** Features that must be there before it is installed. */
  dependsOn: readonly string[];
}

/** The name of a feature. */
export const featureName = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z\d-]{0,99}$/, 'the name of a feature, such as docker: lower case, digits and -'),
);
export const featureNames = v.array(featureName, 'a list such as [docker]');

/** The keys of a requirement that can be installed. Spread them into the schema of its map. */
export const installKeys = {
  install: v.optional(
    described(v.boolean('true or false'), 'Whether `mode: install` may install it. Default: `true`'),
  ),
  dependsOn: v.optional(described(featureNames, 'Features that must be installed before it')),
};

interface InstallSpec {
  install?: boolean | undefined;
  dependsOn?: readonly string[] | undefined;
}

export function installableFrom({ install = true, dependsOn = [] }: InstallSpec): Installable {
  return { install, dependsOn };
}
