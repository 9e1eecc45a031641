/** A Debian version number. Source: Debian Policy, "The format of version numbers", and deb-version(7). */
interface DebVersion {
  epoch: number | undefined;
  upstream: string;
  revision: string | undefined;
}

/** Parses a Debian version. Returns `undefined` for any other text, which cannot be ordered. */
export function parseDebVersion(text: string): DebVersion | undefined {
  const [, epoch, rest] = /^(?:(\d{1,9}):)?(\d[0-9A-Za-z.+~-]*)$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  const dash = rest.lastIndexOf('-');
  return {
    epoch: epoch === undefined ? undefined : Number(epoch),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? undefined : rest.slice(dash + 1),
  };
}

/** Orders two versions as `dpkg --compare-versions` does: -1, 0 or 1. */
export function compareDebVersions(a: DebVersion, b: DebVersion): number {
  return (
    Math.sign((a.epoch ?? 0) - (b.epoch ?? 0)) ||
    comparePart(a.upstream, b.upstream) ||
    comparePart(a.revision ?? '', b.revision ?? '')
  );
}

/**
 * Returns the sort weight of a character: `~` sorts before the end of the text, letters before all other characters.
 */
function weight(character: string | undefined): number {
  if (character === undefined || /\d/.test(character)) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function comparePart(one: string, other: string): number {
  let [a, b] = [one, other];
  while (a !== '' || b !== '') {
    const [textA, textB] = [/^\D*/.exec(a)?.[0] ?? '', /^\D*/.exec(b)?.[0] ?? ''];
    for (let index = 0; index < Math.max(textA.length, textB.length); index += 1) {
      const difference = weight(textA[index]) - weight(textB[index]);
      if (difference !== 0) return Math.sign(difference);
    }
    [a, b] = [a.slice(textA.length), b.slice(textB.length)];
    const [digitsA, digitsB] = [/^\d*/.exec(a)?.[0] ?? '', /^\d*/.exec(b)?.[0] ?? ''];
    const [numberA, numberB] = [BigInt(digitsA || '0'), BigInt(digitsB || '0')];
    if (numberA !== numberB) return numberA < numberB ? -1 : 1;
    [a, b] = [a.slice(digitsA.length), b.slice(digitsB.length)];
  }
  return 0;
}

/** Constraints, all of which must hold. */
export type DebRange = readonly { operator: string; version: DebVersion }[];

/** Parses a range such as `>=1.2 <2`. Returns `undefined` if the text is no range. */
export function parseDebRange(text: string): DebRange | undefined {
  const tokens = text
    .replaceAll(/([<>=])\s+/g, '$1')
    .trim()
    .split(/\s+/);
  const range = tokens.map((token) => {
    const [operator = ''] = /^(?:>=|<=|[><=])?/.exec(token) ?? [];
    const version = parseDebVersion(token.slice(operator.length));
    return version && { operator, version };
  });
  return range.every((constraint) => constraint !== undefined) ? range : undefined;
}

/**
 * Whether a version is in a range. Parts that a constraint omits (epoch, revision) are not compared; `3` matches 3 and
 * 3.x.
 */
export function satisfiesDeb(found: DebVersion, range: DebRange): boolean {
  return range.every(({ operator, version }) => {
    const named = {
      epoch: version.epoch === undefined ? undefined : (found.epoch ?? 0),
      upstream: found.upstream,
      revision: version.revision === undefined ? undefined : (found.revision ?? '0'),
    };
    const order = compareDebVersions(named, version);
    if (operator === '') return order === 0 || format(named).startsWith(`${format(version)}.`);
    if (operator === '=') return order === 0;
    if (operator === '>=') return order >= 0;
    if (operator === '<=') return order <= 0;
    return operator === '>' ? order > 0 : order < 0;
  });
}

function format({ epoch, upstream, revision }: DebVersion): string {
  return `${epoch === undefined ? '' : `${epoch}:`}${upstream}${revision === undefined ? '' : `-${revision}`}`;
}
