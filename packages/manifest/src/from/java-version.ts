import type { VersionMeaning } from './version-meaning.ts';

/** Vendors that asdf-java, mise and jEnv write before the version: `temurin-21.0.2+13.0.LTS`, `openjdk64-17.0.1`. */
const vendors = new Set(
  [
    'adopt',
    'adoptium',
    'adoptopenjdk',
    'bisheng',
    'corretto',
    'dragonwell',
    'graalvm',
    'jetbrains',
    'kona',
    'liberica',
  ].concat(['mandrel', 'microsoft', 'openjdk', 'oracle', 'sapmachine', 'semeru', 'temurin', 'trava', 'zulu']),
);

/** Suffixes of SDKMAN (https://sdkman.io/jdks): `21.0.2-tem`. */
const suffixes = new Map([
  ['adpt', 'adoptopenjdk'],
  ['albba', 'dragonwell'],
  ['amzn', 'corretto'],
  ['bisheng', 'bisheng'],
  ['bsg', 'bisheng'],
  ['gln', 'gluon'],
  ['graal', 'graalvm'],
  ['graalce', 'graalvm-community'],
  ['grl', 'graalvm'],
  ['jbr', 'jetbrains'],
  ['kona', 'kona'],
  ['librca', 'liberica'],
  ['mandrel', 'mandrel'],
  ['ms', 'microsoft'],
  ['nik', 'liberica-nik'],
  ['open', 'openjdk'],
  ['oracle', 'oracle'],
  ['sapmchn', 'sapmachine'],
  ['sem', 'semeru'],
  ['tem', 'temurin'],
  ['trava', 'trava'],
  ['zulu', 'zulu'],
]);

/**
 * Reads a version of Java with or without its vendor. The build number (`+13`) is dropped: `java -version` tells it
 * on another line, and vendors count it differently.
 */
export function readJavaVersion(text: string): VersionMeaning {
  const end = /^[a-z]/i.test(text) ? text.search(/[-_]\d/) : -1;
  const first =
    end === -1
      ? undefined
      : text
          .slice(0, end)
          .toLowerCase()
          .replace(/(?:64|32)$/, '');
  if (first !== undefined && !vendors.has(/^[a-z]+/.exec(first)?.[0] ?? ''))
    return { why: 'is of an unknown vendor' };
  const rest = text.slice(end + 1);
  const [, number = '', suffix = ''] = /^([^-]*)-([a-z]+)$/.exec(rest) ?? [];
  const vendor = suffixes.get(suffix) ?? first;
  const version = javaNumber(suffixes.has(suffix) ? number : rest, vendor ?? '');
  if (version === undefined)
    return { why: 'has numbers of its vendor, which do not tell the version of Java' };
  return vendor === undefined ? { version } : { version, vendor };
}

/** Returns the numbers of a Java version, `undefined` if they are the vendor's own. */
function javaNumber(text: string, vendor: string): string | undefined {
  const update = /^(\d{1,2})u(\d{1,4})/.exec(text);
  if (update !== null) return `${update[1]}.0.${update[2]}`;
  if (!/^\d{1,3}(?:[._+-]|$)/.test(text)) return undefined;
  // GraalVM until 22.3 had numbers of its own, with Java's after `java` or `r`: `22.3.1+java17`, `22.3.r17`.
  const own = /[+.-](?:java|r)(\d{1,2})$/.exec(text)?.[1];
  if (own !== undefined) return own;
  const numbers = /^\d{1,3}(?:\.\d{1,9}){0,9}/.exec(text)?.[0] ?? '';
  const [feature = '', interim, ...others] = numbers.split('.');
  const graal = /^(?:graalvm|mandrel|liberica-nik)/.test(vendor);
  if (graal && ['19', '20', '21', '22', '23'].includes(feature) && (interim ?? '0') !== '0') return undefined;
  // `1.8.0_292` keeps its update, which is a part of the version there.
  if (feature === '1') return /^1\.\d{1,2}(?:\.\d{1,3}(?:_\d{1,4})?)?/.exec(text)?.[0];
  // Java's second number is 0 for each release since 9. Another one is the vendor's.
  if (interim !== undefined && interim !== '0') return feature;
  return [feature, interim, others[0]].filter((part) => part !== undefined).join('.');
}
