import { ownValue } from '@runner-actions/core';
import { isWildcard, operators, withoutWildcards, type WrittenConstraint } from './constraint.ts';
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
    ? '`||` between alternatives, and a blank between what must hold together'
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
  const tooLarge = bound.match(/\d+/g)?.find((number) => BigInt(number) > BigInt(Number.MAX_SAFE_INTEGER));
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
