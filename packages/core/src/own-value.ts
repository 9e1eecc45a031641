/**
 * Returns the value under a key that a stranger chose; `undefined` if the record does not have it itself. A plain lookup
 * would find what each object inherits, such as `constructor` and `toString`.
 */
export function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
