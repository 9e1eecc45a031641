/** Debian's version numbers. Source: Debian Policy, "The format of version numbers", and deb-version(7). */
interface DebVersion {
  epoch: number | undefined;
  upstream: string;
  revision: string | undefined;
}

export function parseDeb(text: string): DebVersion {
  const [, epoch, rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: epoch === undefined ? undefined : Number(epoch),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? undefined : rest.slice(dash + 1),
  };
}

/** Orders two versions as `dpkg --compare-versions` does: -1, 0 or 1. */
export function compareDeb(one: string, other: string): number {
  const [a, b] = [parseDeb(one), parseDeb(other)];
  return (
    Math.sign((a.epoch ?? 0) - (b.epoch ?? 0)) ||
    comparePart(a.upstream, b.upstream) ||
    comparePart(a.revision ?? '', b.revision ?? '')
  );
}

/** `~` sorts before the end of the text, letters before all other characters. */
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

const constraint = /^(>=|<=|>|<|=)?\s*([0-9][0-9A-Za-z.+~:-]*)$/;

/** The parts of `>=1.2 <2`, or `undefined` when it cannot be read. */
export function parseDebRange(text: string): { operator: string; version: string }[] | undefined {
  const tokens = text
    .replaceAll(/([<>=])\s+/g, '$1')
    .trim()
    .split(/\s+/)
    .map((token) => constraint.exec(token));
  if (tokens.some((token) => token === null)) return undefined;
  return tokens.map((token) => ({ operator: token?.[1] ?? '', version: token?.[2] ?? '' }));
}

/** What the constraint does not name (epoch, revision) is not compared; a bare `3` takes 3 and 3.x. */
export function satisfiesDeb(
  found: string,
  range: readonly { operator: string; version: string }[],
): boolean {
  return range.every(({ operator, version }) => {
    const [have, want] = [parseDeb(found), parseDeb(version)];
    const epoch = want.epoch === undefined ? '' : `${have.epoch ?? 0}:`;
    const base = `${epoch}${have.upstream}${want.revision === undefined ? '' : `-${have.revision ?? '0'}`}`;
    const order = compareDeb(base, version);
    if (operator === '') return order === 0 || base.startsWith(`${version}.`);
    if (operator === '=') return order === 0;
    if (operator === '>=') return order >= 0;
    if (operator === '<=') return order <= 0;
    return operator === '>' ? order > 0 : order < 0;
  });
}
