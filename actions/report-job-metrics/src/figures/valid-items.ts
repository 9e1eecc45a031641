import { escapeControls } from '@runner-actions/core';

/** Longer texts are cut: names of processes and GPUs have less. */
const maxText = 100;

/**
 * Returns the valid items of a list in a sample. The job can write to the series file, so a list may hold anything. A
 * wrong item loses only itself.
 * @param texts properties that must be texts; they are cut, and control characters escaped
 * @param numbers properties that must be numbers of 0 or more
 * @param most further items are ignored
 */
export function validItems<T extends object>(
  list: readonly T[] | undefined,
  { texts, numbers, most = 64 }: { texts: (keyof T)[]; numbers: (keyof T)[]; most?: number },
): T[] {
  if (!Array.isArray(list)) return [];
  return list.slice(0, most).flatMap((item: T | null) => {
    if (typeof item !== 'object' || item === null) return [];
    const isValid =
      texts.every((key) => typeof item[key] === 'string') && numbers.every((key) => isAmount(item[key]));
    const cut = Object.fromEntries(texts.map((key) => [key, cutText(String(item[key]))]));
    return isValid ? [{ ...item, ...cut }] : [];
  });
}

/** Whether the value is a number of 0 or more. */
export function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function cutText(text: string): string {
  const cut = text.length <= maxText ? text : `${Array.from(text.slice(0, maxText)).slice(0, -1).join('')}…`;
  return escapeControls(cut);
}
