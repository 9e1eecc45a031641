import fc from 'fast-check';

export type Pair = readonly [one: string, other: string];

/** Pieces of versions, by the scheme that they are made for. */
export const pieces = {
  deb: ['0', '1', '2', '9', '10', '01', '.', '.', '~', '+', '-', 'a', 'b', 'Z', 'rc', '1:', 'dfsg', 'ubuntu'],
  rpm: ['0', '1', '2', '9', '10', '01', '.', '.', '~', '^', '_', '+', '-', 'a', 'b', 'Z', 'rc', '1:', '.el9'],
  apk: [
    '0',
    '1',
    '2',
    '10',
    '01',
    '00',
    '.',
    '.',
    'a',
    'b',
    '_rc',
    '_alpha',
    '_beta',
    '_pre',
    '_p',
    '_git',
    '-r',
    '~',
  ],
  pep440: [
    '0',
    '1',
    '2',
    '10',
    '01',
    '.',
    '.',
    'a',
    'b',
    'rc',
    'c',
    'alpha',
    'pre',
    '.post',
    '-',
    '.dev',
    '+',
    'x',
    '1!',
    '_',
  ],
  maven: [
    '0',
    '1',
    '2',
    '10',
    '01',
    '.',
    '.',
    '-',
    '-',
    'a',
    'b',
    'alpha',
    'rc',
    'cr',
    'SNAPSHOT',
    'ga',
    'sp',
    'final',
    'foo',
  ],
  gem: ['0', '1', '2', '10', '01', '.', '.', '.', 'a', 'b', '.pre', 'rc', '-', 'Z', '.0', '.0.0'],
  semver: [
    '0',
    '1',
    '2',
    '10',
    '.',
    '.',
    '-rc',
    '-beta',
    '.rc',
    'a',
    'b',
    '-1',
    'p1',
    '+x',
    '-g123abc4',
    'v',
  ],
  java: ['0', '1', '8', '17', '.', '.', '_292', 'u1', '+7', '-ea', '-b10', '1.8', '_', '-LTS'],
  calver: ['22', '04', '2024', '10', '1', '.', '.', '-', '-rc', 'a', ' LTS'],
  plain: ['0', '1', '2', '10', '01', '.', '.', '-', 'a', 'w', 'za', 'Z', 'p', '_'],
} as const;

/** Texts that begin with a digit and consist of the pieces of a scheme. Not all are versions. */
export function texts(scheme: keyof typeof pieces): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...pieces[scheme]);
  return fc
    .tuple(fc.constantFrom('0', '1', '1.', '1.0', '2'), fc.array(piece, { maxLength: 6 }))
    .map(([first, rest]) => `${first}${rest.join('')}`);
}

/** Pairs that mostly differ in one piece only, so that equal beginnings are common. */
export function pairs(scheme: keyof typeof pieces): fc.Arbitrary<Pair> {
  const piece = fc.constantFrom(...pieces[scheme]);
  const first = fc.constantFrom('0', '1', '1.', '1.0', '2');
  return fc
    .record({
      first,
      rest: fc.array(piece, { maxLength: 6 }),
      place: fc.nat(6),
      removed: fc.nat(1),
      added: fc.array(piece, { maxLength: 2 }),
      otherFirst: fc.option(first, { freq: 8 }),
    })
    .map(({ first: start, rest, place, removed, added, otherFirst }) => {
      const other = rest.toSpliced(place, removed, ...added);
      return [`${start}${rest.join('')}`, `${otherFirst ?? start}${other.join('')}`] as const;
    });
}
