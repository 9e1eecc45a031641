import type { Scheme } from './scheme.ts';
import { apk } from './schemes/apk.ts';
import { deb } from './schemes/deb.ts';
import { gem } from './schemes/gem.ts';
import { java } from './schemes/java.ts';
import { maven } from './schemes/maven.ts';
import { pep440 } from './schemes/pep440.ts';
import { plain } from './schemes/plain.ts';
import { rpm } from './schemes/rpm.ts';
import { calver, semver } from './schemes/semver.ts';

/** The names that users write as `scheme:`. */
export const schemes = [
  'semver',
  'java',
  'deb',
  'rpm',
  'apk',
  'pep440',
  'maven',
  'calver',
  'gem',
  'plain',
] as const;

export type SchemeName = (typeof schemes)[number];

const rules: Record<SchemeName, Scheme> = { semver, java, deb, rpm, apk, pep440, maven, calver, gem, plain };

/** Returns the rules of a scheme. */
export function schemeOf(name: SchemeName): Scheme {
  return rules[name];
}
