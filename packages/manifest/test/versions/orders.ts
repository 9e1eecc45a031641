import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { compareVersions, type SchemeName } from '../../src/versions/index.ts';
import { type Pair, pairs, texts } from './near-versions.ts';
import { answers, ask } from './programs.ts';

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

/** A comparison with a real program, skipped where it is absent. */
interface OrderTest {
  program: string;
  /** Debian's package that brings the program. */
  from: string;
  isPresent(): boolean;
  /** Compares about this number of pairs. */
  run(count: number): void;
}

function sample(scheme: Parameters<typeof pairs>[0], size: number): Pair[] {
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

const lua = `%{lua:
for line in io.stdin:lines() do
  local one, other = line:match("(.-) (.*)")
  print(rpm.vercmp(one, other) .. "\\n")
end}`;

const python = `import sys
from packaging.version import InvalidVersion, Version
for line in sys.stdin:
    try:
        one, other = map(Version, line.split())
        print((one > other) - (one < other))
    except InvalidVersion:
        print("invalid")`;

/** The first interpreter that has the package, which need not be the first on the path. */
function interpreter(): string | undefined {
  return ['python3', '/usr/bin/python3'].find((one) => answers(one, ['-c', 'import packaging.version']));
}

const ruby = `STDIN.each_line do |line|
  pair = line.split
  puts(pair.all? { |one| Gem::Version.correct?(one) } ? pair.map { |one| Gem::Version.new(one) }.reduce(:<=>) : "invalid")
end`;

const jars = ['/usr/share/java/maven3-artifact.jar', '/usr/share/java/commons-lang3.jar'];

const comparable = 'org.apache.maven.artifact.versioning.ComparableVersion';

export const orderTests: readonly OrderTest[] = [
  {
    program: 'Dpkg::Version',
    from: 'libdpkg-perl',
    isPresent: () => answers('perl', ['-MDpkg::Version', '-e', '1']),
    run(count) {
      // It also orders some texts that dpkg refuses.
      const given = valid('deb', sample('deb', 2 * count));
      expectSameOrder('deb', given, ask('perl', ['-e', perl], inLines(given)));
      expect(given.length).toBeGreaterThan(count);
    },
  },
  { program: 'dpkg', from: 'dpkg', isPresent: () => answers('dpkg', ['--version']), run: compareWithDpkg },
  {
    program: 'RPM',
    from: 'rpm',
    isPresent: () => answers('rpm', ['--eval', '%{lua:print(rpm.vercmp("1", "2"))}']),
    run(count) {
      // RPM also orders texts that are no versions.
      const given = valid('rpm', sample('rpm', 2 * count));
      const lines = ask('rpm', ['--eval', lua], inLines(given)).filter((line) => line !== '');
      expectSameOrder('rpm', given, lines);
      expect(given.length).toBeGreaterThan(count);
    },
  },
  {
    program: 'Python’s packaging',
    from: 'python3-packaging',
    isPresent: () => interpreter() !== undefined,
    run(count) {
      const given = sample('pep440', count);
      expectSameOrder('pep440', given, ask(interpreter() ?? '', ['-c', python], inLines(given)));
    },
  },
  {
    program: 'RubyGems',
    from: 'ruby',
    isPresent: () => answers('ruby', ['-e', 'Gem::Version']),
    run(count) {
      const given = sample('gem', count);
      expectSameOrder('gem', given, ask('ruby', ['-e', ruby], inLines(given)));
    },
  },
  {
    program: 'Maven',
    from: 'maven',
    isPresent: () => jars.every((jar) => existsSync(jar)) && answers('java', ['-version']),
    run: compareWithMaven,
  },
  {
    program: 'apk',
    from: 'apk-tools, of Alpine',
    isPresent: () => answers('apk', ['--version']),
    run: compareWithApk,
  },
];

/** Starts two processes a pair, so it takes one pair in a hundred. */
function compareWithDpkg(count: number): void {
  const given = sample('deb', count / 100);
  for (const [text] of given) {
    const isVersion = compareVersions('deb', text, text) !== undefined;
    expect(answers('dpkg', ['--validate-version', text]), text).toBe(isVersion);
  }
  for (const [one, other] of valid('deb', given)) {
    const operator = { '-1': 'lt', '0': 'eq', '1': 'gt' }[String(compareVersions('deb', one, other))] ?? '';
    const isSame = answers('dpkg', ['--compare-versions', one, operator, other]);
    expect(isSame, `${one} ${operator} ${other}`).toBe(true);
  }
}

/** Maven also orders texts that are no versions. Its program compares each argument with the one before it. */
function compareWithMaven(count: number): void {
  const chain = valid('maven', sample('maven', count)).flat();
  const lines = ask('java', ['-XX:TieredStopAtLevel=1', '-cp', jars.join(':'), comparable, ...chain]);
  const signs = lines.flatMap((line) => {
    const [, sign] = /^ {3}\S+ (<|==|>) \S+$/.exec(line) ?? [];
    return sign === undefined ? [] : [{ '<': '-1', '==': '0', '>': '1' }[sign] ?? ''];
  });
  const neighbours = chain.slice(1).map((text, index) => [chain[index] ?? '', text] as const);
  expectSameOrder('maven', neighbours, signs);
}

/** Starts a process for each pair. */
function compareWithApk(count: number): void {
  for (const text of fc.sample(texts('apk'), count / 50)) {
    const isVersion = compareVersions('apk', text, text) !== undefined;
    expect(answers('apk', ['version', '--check', text]), text).toBe(isVersion);
  }
  const given = valid('apk', sample('apk', count / 25));
  const signs = given.map(([one, other]) => ask('apk', ['version', '-t', one, other])[0] ?? '');
  const answersOfApk = signs.map((sign) => ({ '<': '-1', '=': '0', '>': '1' })[sign] ?? '');
  expectSameOrder('apk', given, answersOfApk);
}
