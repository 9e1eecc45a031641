import type { LanguageManager, Range } from '@runner-actions/manifest';

type Constraint = Range['alternatives'][number][number];

/** Returns a package with a range, as a manager of a language takes it; `undefined`: the manager cannot say that. */
type Write = (name: string, alternatives: Range['alternatives']) => string | undefined;

/** A manager without alternatives: all of one list must be met. */
const single =
  (write: (name: string, constraints: readonly Constraint[]) => string | undefined): Write =>
  (name, [only, ...others]) =>
    only === undefined || others.length > 0 ? undefined : write(name, only);

const plain = (bound: string): string => bound.replace(/^v/i, '');
const parts = (bound: string): number => plain(bound).split('.').length;

/** Source: PEP 440, "Version specifiers". */
const python = single((name, constraints) => {
  const clauses = constraints.map(({ operator, bound }) => {
    if (operator === 'in') return `==${plain(bound)}.*`;
    if (operator === 'not in') return `!=${plain(bound)}.*`;
    return operator === '=' ? `==${plain(bound)}` : operator + plain(bound);
  });
  return name + clauses.join(',');
});

/** Source: npm's page "semver", on ranges. It has no "not". */
const npm: Write = (name, alternatives) => {
  if (alternatives.flat().some(({ operator }) => ['!=', 'not in'].includes(operator))) return undefined;
  const shown = alternatives.map((all) =>
    all.map(({ operator, bound }) => (operator === 'in' ? '' : operator) + plain(bound)).join(' '),
  );
  return `${name}@${shown.join(' || ')}`;
};

/** Source: `gem help install`: the form `NAME:VERSION` has one requirement. */
const gem = single((name, [only, ...others]) => {
  if (only === undefined || others.length > 0 || only.operator === 'not in') return undefined;
  const bound = plain(only.bound);
  if (only.operator === 'in') return `${name}:~> ${bound}.0`;
  return only.operator === '=' ? `${name}:${bound}` : `${name}:${only.operator} ${bound}`;
});

/** Source: The Cargo Book, "Version requirement syntax". It has no "not". */
const cargo = single((name, constraints) => {
  if (constraints.some(({ operator }) => ['!=', 'not in'].includes(operator))) return undefined;
  const clauses = constraints.map(({ operator, bound }) => {
    if (operator !== 'in') return operator + plain(bound);
    return parts(bound) < 3 ? `~${plain(bound)}` : `=${plain(bound)}`;
  });
  return `${name}@${clauses.join(', ')}`;
});

/** Source: Go Modules Reference, "Version queries". The newest version meets what has no upper bound. */
const go = single((name, constraints) => {
  const [only, ...others] = constraints.filter(({ operator }) => !['>=', '>', '!='].includes(operator));
  if (only === undefined) return `${name}@latest`;
  if (others.length > 0 || only.operator === 'not in') return undefined;
  const isBelow = only.operator === '<' || only.operator === '<=';
  return `${name}@${isBelow ? only.operator : ''}v${plain(only.bound)}`;
});

const writers: Readonly<Record<LanguageManager, Write>> = { pip: python, pipx: python, npm, gem, cargo, go };

/**
 * Returns a package as an argument of its manager, with the range of its version. Where the manager cannot say the range,
 * without it: it then installs the newest version, and the check after it tells whether that will do.
 */
export function packageWithRange(manager: LanguageManager, name: string, range: Range | undefined): string {
  const written = range === undefined || range.any ? undefined : writers[manager](name, range.alternatives);
  return written ?? (manager === 'go' ? `${name}@latest` : name);
}
