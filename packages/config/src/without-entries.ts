import type { Problem } from './problem.ts';

type Path = Problem['path'];

/** Returns whether a path begins with another one, or is the same. */
export function isPrefix(start: Path, path: Path): boolean {
  return start.every((step, index) => step === path[index]);
}

/**
 * Leaves out entries of a document's sections: keys of a map, and items of a list.
 * @param entries each is the key of a section, and a key or an index in it
 * @returns `pathBefore` turns a path of the rest into that of the whole, where later items have other indices
 */
export function withoutEntries(
  whole: Readonly<Record<string, unknown>>,
  entries: readonly Path[],
): { value: Record<string, unknown>; pathBefore(path: Path): Path } {
  const left = new Map<string, Set<string>>();
  for (const [section, entry] of entries) {
    const names = left.get(String(section)) ?? new Set();
    left.set(String(section), names.add(String(entry)));
  }
  const indices = new Map<string, number[]>();
  const rest = Object.entries(whole).map(([section, value]) => {
    const gone = left.get(section);
    if (gone === undefined || typeof value !== 'object' || value === null) return [section, value] as const;
    const kept = Object.entries(value).filter(([key]) => !gone.has(key));
    if (!Array.isArray(value)) return [section, Object.fromEntries(kept)] as const;
    indices.set(
      section,
      kept.map(([index]) => Number(index)),
    );
    return [section, kept.map(([, item]) => item as unknown)] as const;
  });
  return {
    value: Object.fromEntries(rest),
    pathBefore: ([section = '', entry = '', ...below]) =>
      entry === '' ? [section] : [section, indices.get(String(section))?.[Number(entry)] ?? entry, ...below],
  };
}
