import type { Json } from './convert.ts';

/** Compares two JSON values. @returns one line per difference: the place, the committed value, the generated value */
export function differences(committed: Json | undefined, generated: Json | undefined, place = '#'): string[] {
  if (
    isContainer(committed) &&
    isContainer(generated) &&
    Array.isArray(committed) === Array.isArray(generated)
  ) {
    const keys = new Set([...Object.keys(committed), ...Object.keys(generated)]);
    return [...keys].flatMap((key) => {
      const pointer = `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return differences(committed[key], generated[key], pointer);
    });
  }
  if (committed === generated) return [];
  return [`${place}: committed ${show(committed)}, generated ${show(generated)}`];
}

function isContainer(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function show(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}
