import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareVersions, type SchemeName } from '../../src/versions/index.ts';
import { type Pair, pairs, texts } from './near-versions.ts';
import { answers, ask } from './programs.ts';

const count = 10_000;

/** Compares our answers with those of a program: -1, 0, 1, or anything else for texts that are no versions. */
function expectSameOrder(scheme: SchemeName, given: readonly Pair[], theirs: readonly string[]): void {
  expect(theirs).toHaveLength(given.length);
  const differences = given.flatMap(([one, other], index) => {
    const answer = theirs[index] ?? '';
    const [ours, their] = [
      compareVersions(scheme, one, other),
      /^-?[01]$/.test(answer) ? Number(answer) : undefined,
    ];
    return ours === their ? [] : [`${one} and ${other}: we say ${ours}, the program says ${their}`];
  });
  expect(differences.slice(0, 20)).toEqual([]);
}

function sample(scheme: Parameters<typeof pairs>[0], size = count): Pair[] {
  return fc.sample(pairs(scheme), size);
}

/** The pairs of which both texts are versions. */
function valid(scheme: SchemeName, given: readonly Pair[]): Pair[] {
  return given.filter(([one, other]) => compareVersions(scheme, one, other) !== undefined);
}

function inLines(given: readonly Pair[]): string[] {
  return given.map((pair) => pair.join(' '));
}

const perl = `use Dpkg::Version;
while (<STDIN>) {
  my ($one, $other) = split;
  print version_compare($one, $other) . "\\n";
}`;

it.skipIf(!answers('perl', ['-MDpkg::Version', '-e', '1']))(
  'orders 10,000 pairs as Dpkg::Version does (Debian’s package libdpkg-perl)',
  () => {
    // It also orders some texts that dpkg refuses.
    const given = valid('deb', sample('deb', 2 * count));
    expectSameOrder('deb', given, ask('perl', ['-e', perl], inLines(given)));
    expect(given.length).toBeGreaterThan(count);
  },
);

it.skipIf(!answers('dpkg', ['--version']))(
  'reads and orders versions as dpkg does (Debian’s package dpkg)',
  () => {
    const given = sample('deb', 80);
    for (const [text] of given) {
      const isVersion = compareVersions('deb', text, text) !== undefined;
      expect(answers('dpkg', ['--validate-version', text]), text).toBe(isVersion);
    }
    for (const [one, other] of valid('deb', given)) {
      const operator = { '-1': 'lt', '0': 'eq', '1': 'gt' }[String(compareVersions('deb', one, other))] ?? '';
      expect(
        answers('dpkg', ['--compare-versions', one, operator, other]),
        `${one} ${operator} ${other}`,
      ).toBe(true);
    }
  },
);

const lua = `%{lua:
for line in io.stdin:lines() do
  local one, other = line:match("(.-) (.*)")
  print(rpm.vercmp(one, other) .. "\\n")
end}`;

it.skipIf(!answers('rpm', ['--eval', '%{lua:print(rpm.vercmp("1", "2"))}']))(
  'orders 10,000 pairs as RPM does (Debian’s package rpm)',
  () => {
    // RPM also orders texts that are no versions.
    const given = sample('rpm', 2 * count).filter(
      ([one, other]) => compareVersions('rpm', one, other) !== undefined,
    );
    const lines = ask('rpm', ['--eval', lua], inLines(given)).filter((line) => line !== '');
    expectSameOrder('rpm', given, lines);
    expect(given.length).toBeGreaterThan(count);
  },
);

const python = `import sys
from packaging.version import InvalidVersion, Version
for line in sys.stdin:
    try:
        one, other = map(Version, line.split())
        print((one > other) - (one < other))
    except InvalidVersion:
        print("invalid")`;
const interpreter = ['python3', '/usr/bin/python3'].find((one) =>
  answers(one, ['-c', 'import packaging.version']),
);

it.skipIf(interpreter === undefined)(
  'orders 10,000 pairs as Python’s packaging does (Debian’s package python3-packaging)',
  () => {
    const given = sample('pep440');
    expectSameOrder('pep440', given, ask(interpreter ?? '', ['-c', python], inLines(given)));
  },
);

const ruby = `STDIN.each_line do |line|
  pair = line.split
  puts(pair.all? { |one| Gem::Version.correct?(one) } ? pair.map { |one| Gem::Version.new(one) }.reduce(:<=>) : "invalid")
end`;

it.skipIf(!answers('ruby', ['-e', 'Gem::Version']))(
  'orders 10,000 pairs as RubyGems does (Debian’s package ruby)',
  () => {
    const given = sample('gem');
    expectSameOrder('gem', given, ask('ruby', ['-e', ruby], inLines(given)));
  },
);

const jars = ['/usr/share/java/maven3-artifact.jar', '/usr/share/java/commons-lang3.jar'];
const comparable = 'org.apache.maven.artifact.versioning.ComparableVersion';

it.skipIf(!jars.every((jar) => existsSync(jar)) || !answers('java', ['-version']))(
  'orders 10,000 pairs as Maven does (Debian’s package maven)',
  () => {
    // Maven also orders texts that are no versions. Its program compares each argument with the one before it.
    const chain = valid('maven', sample('maven', count / 2)).flat();
    const lines = ask('java', ['-XX:TieredStopAtLevel=1', '-cp', jars.join(':'), comparable, ...chain]);
    const signs = lines.flatMap((line) => {
      const [, sign] = /^ {3}\S+ (<|==|>) \S+$/.exec(line) ?? [];
      return sign === undefined ? [] : [{ '<': '-1', '==': '0', '>': '1' }[sign] ?? ''];
    });
    const neighbours = chain.slice(1).map((text, index) => [chain[index] ?? '', text] as const);
    expectSameOrder('maven', neighbours, signs);
  },
);

it.skipIf(!answers('apk', ['--version']))('orders pairs as apk does (Alpine’s package apk-tools)', () => {
  for (const text of fc.sample(texts('apk'), 100)) {
    const isVersion = compareVersions('apk', text, text) !== undefined;
    expect(answers('apk', ['version', '--check', text]), text).toBe(isVersion);
  }
  const given = valid('apk', sample('apk', 200));
  const signs = given.map(([one, other]) => ask('apk', ['version', '-t', one, other])[0] ?? '');
  expectSameOrder(
    'apk',
    given,
    signs.map((sign) => ({ '<': '-1', '=': '0', '>': '1' })[sign] ?? ''),
  );
});
