import { ownValue } from '@runner-actions/core';
import {
  type Constraint,
  isWildcard,
  operators,
  withoutWildcards,
  type WrittenConstraint,
} from './constraint.ts';
import { maxNumbers } from './limits.ts';
import type { Scheme } from './scheme.ts';

/** What people write instead of an operator, and the operator that they mean. */
const meant: Partial<Record<string, string>> = {
  '=>': '>=',
  '=<': '<=',
  '>==': '>=',
  '<==': '<=',
  '≥': '>=',
  '≤': '<=',
  '===': '==',
  '!==': '!=',
  '<>': '!=',
  '!': '!=',
  '!~': '!=',
  '~~': '~',
  '^=': '^',
  '^^': '^',
  '~>=': '~>',
};

/** Node's long-term releases by the names that nvm knows. Source: nodejs.org, "Previous releases". */
const nodeNames: Record<string, string> = {
  argon: '4',
  boron: '6',
  carbon: '8',
  dubnium: '10',
  erbium: '12',
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
};

/** Says which operator is right, or `undefined` if the operator is known. */
export function operatorHint({ operator, bound }: WrittenConstraint): string | undefined {
  if (operators.includes(operator)) return undefined;
  const right = meant[operator];
  if (right !== undefined) return `\`${right}${bound}\`, as \`${operator}\` is no operator`;
  return `an operator such as \`>=\`, \`<\`, \`!=\`, \`^\` or \`~\`, as \`${operator}\` is none`;
}

/** Says how alternatives are written, or `undefined` if a bound is only one version. */
export function separatorHint(bound: string): string | undefined {
  return /[|&;]/.test(bound)
    ? '`||` between alternatives, as in `18 || 20`, and a blank between what must hold together'
    : undefined;
}

/** Says that nothing may follow an `x`, or `undefined` if nothing does. */
export function wildcardHint(bound: string): string | undefined {
  const series = withoutWildcards(bound);
  const parts = series.split('.');
  const wild = parts.findIndex(isWildcard);
  if (wild === 0) return `a version, or \`latest\` for any`;
  if (wild === -1 && series.includes('*')) return `a \`*\` behind a dot, such as \`3.*\``;
  if (wild === -1)
    return series === bound || isNumbers(series) ? undefined : `only numbers before \`.x\` or \`.*\``;
  return `\`${parts.slice(0, wild).join('.')}.x\`, as nothing may follow the \`x\``;
}

/** Whether a bound has only dotted numbers, and maybe a `v` or an epoch. */
function isNumbers(bound: string): boolean {
  return /^(?:v|\d+[:!])?\d+(?:\.\d+)*$/i.test(bound);
}

/**
 * Says what to write instead of an alias such as `lts/*` or `stable`, of a vendor's name such as `temurin-21`, and of a
 * number that is too large to be meant. Returns `undefined` for what can be a version.
 */
export function aliasHint(bound: string, rules: Scheme): string | undefined {
  const codename = ownValue(nodeNames, /^(?:lts\/)?([a-z]+)$/i.exec(bound)?.[1]?.toLowerCase() ?? '');
  if (codename !== undefined) return `the version that \`${bound}\` stands for: \`${codename}\``;
  if (/^lts(?:\/|$)/i.test(bound)) {
    return `a version such as \`22\`, as \`${bound}\` means another one each year`;
  }
  if (/^(?:node|system|default|stable|current|latest|any|present|installed)$/i.test(bound)) {
    return `\`latest\` for any version, or the oldest that will do, such as \`${rules.example}\`, as \`${bound}\` names none`;
  }
  if (
    /^(?:nightly|canary|beta|alpha|rc|dev|next|head|main|master|edge|preview|snapshot)(?:$|[-/])/i.test(bound)
  ) {
    return `the oldest version that will do, such as \`${rules.example}\`, with \`prerelease: true\`, as \`${bound}\` names none`;
  }
  const [, behindName] = /^(?!v\d)[a-z][a-z_-]*[@/]?(\d\S*)$/i.exec(bound) ?? [];
  if (behindName !== undefined) return `the version without a name: \`${behindName}\``;
  const numbers = bound.match(/\d+/g) ?? [];
  if (numbers.length > maxNumbers) return `a version with at most ${maxNumbers} numbers`;
  const tooLarge = numbers.find((number) => BigInt(number) > BigInt(Number.MAX_SAFE_INTEGER));
  return tooLarge === undefined ? undefined : `numbers up to ${Number.MAX_SAFE_INTEGER}`;
}

/** Translates Maven's and NuGet's intervals, such as `[1.0,2.0)`. Returns `undefined` for other texts. */
export function intervalHint(text: string): string | undefined {
  const [, left = '', inner = '', right] = /^([[(])([^[\]()]+)([\])])$/.exec(text) ?? [];
  const [from = '', to, ...others] = inner.split(',').map((bound) => bound.trim());
  if (right === undefined || others.length > 0) return undefined;
  if (to === undefined) return `\`==${from}\``;
  const lower = from === '' ? [] : [`${left === '[' ? '>=' : '>'}${from}`];
  const upper = to === '' ? [] : [`${right === ']' ? '<=' : '<'}${to}`];
  return lower.length + upper.length === 0 ? undefined : `\`${[...lower, ...upper].join(' ')}\``;
}

const newer = ['newer', 'later', 'higher', 'above', 'up', 'more', 'greater'];
const older = ['older', 'earlier', 'lower', 'below', 'less'];

/**
 * Translates words such as `18 or 20`, `20 or newer` and `at least 20`. Returns `undefined` for texts without them.
 * @param isRange whether a translation is a range, so that no hint is wrong too
 */
export function wordHint(text: string, isRange: (right: string) => boolean): string | undefined {
  const words = text.split(/\s+/);
  const bound = words.length === 3 ? boundHint(words) : undefined;
  if (bound !== undefined && isRange(bound)) return `\`${bound}\``;
  if (!words.some((word) => /^(?:or|and)$/i.test(word))) return undefined;
  const versions = words.filter((_, index) => index % 2 === 0);
  const isList = words.every((word, index) => index % 2 === 0 || /^and$/i.test(word));
  if (isList && versions.every((word) => /^v?\d/.test(word))) return alternatives(versions);
  const right = words
    .flatMap((word) => (/^and$/i.test(word) ? [] : [/^or$/i.test(word) ? '||' : word]))
    .join(' ');
  const example = isRange(right) ? right : '18 || >=20 <22';
  return `${isRange(right) ? '' : 'a range such as '}\`${example}\`, as \`||\` means "or", and a blank means "and"`;
}

/** Translates three words: `at least 20`, `20 or newer`. */
function boundHint(words: readonly string[]): string | undefined {
  const [first = '', middle = '', last = ''] = words.map((word) => word.toLowerCase());
  if (first === 'at' && middle === 'least') return `>=${last}`;
  if (first === 'at' && middle === 'most') return `<=${last}`;
  if (middle !== 'or' && middle !== 'and') return undefined;
  if (newer.includes(last)) return `>=${first}`;
  return older.includes(last) ? `<=${first}` : undefined;
}

/** Says how to write several versions, of which no version is all: `20, 22`. Returns `undefined` for other constraints. */
export function severalHint(all: readonly Constraint[]): string | undefined {
  const isList = all.length > 1 && all.every(({ operator }) => operator === 'in' || operator === '=');
  return isList ? alternatives(all.map(({ bound }) => bound)) : undefined;
}

function alternatives(versions: readonly string[]): string {
  const list = versions.join(', ');
  return `\`${versions.join(' || ')}\` for one of them; for a tool, the list \`[${list}]\` means all of them, and \`any-of: [${list}]\` one`;
}
