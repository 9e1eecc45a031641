import { comparators } from './npm-range.ts';
import type { VersionMeaning } from './version-meaning.ts';

/**
 * Reads version specifiers of Python packaging, which the manifest's grammar knows
 * (https://packaging.python.org/en/latest/specifications/version-specifiers/). All of them must hold.
 */
export function pythonRange(text: string): VersionMeaning {
  if (text.length > 200) return { why: 'is longer than a range' };
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return { version: 'latest' };
  const read = parts.map((part) => /^(~=|===?|!=|<=|>=|<|>)\s*v?(\d[\w.+!-]*(?:\.\*)?)$/.exec(part));
  if (read.includes(null)) return { why: 'is no version specifier of Python' };
  return {
    version: read.map((found) => `${found?.[1] === '===' ? '==' : found?.[1]}${found?.[2]}`).join(' '),
  };
}

/**
 * Reads a constraint of Poetry, which adds `^`, `~` and plain versions
 * (https://python-poetry.org/docs/dependency-specification/#version-constraints).
 */
export function poetryRange(text: string): VersionMeaning {
  if (text.length > 200) return { why: 'is longer than a range' };
  const sets = text.split(/\|\|?/).map((set) => {
    const parts = comparators(set.replaceAll(',', ' '));
    const good = /^(?:\^|~|~=|==|!=|<=|>=|<|>)?\d[\w.]*(?:\.\*)?$/;
    return parts.length > 0 && parts.every((part) => part === '*' || good.test(part)) ? parts : undefined;
  });
  if (sets.includes(undefined)) return { why: 'is no constraint of Poetry' };
  if (sets.some((set) => set?.every((part) => part === '*'))) return { version: 'latest' };
  return { version: sets.map((set) => set?.filter((part) => part !== '*').join(' ')).join(' || ') };
}
