import { setSecret } from './toolkit.ts';

const known = new Set<string>();

/**
 * Masks `value` in the log from now on, and remembers it so that `state.save` refuses it. An empty value is ignored.
 */
export function registerSecret(value: string): void {
  if (value === '') return;
  if (!known.has(value)) setSecret(value);
  known.add(value);
}

/** Returns whether `text` contains a registered secret, unchanged or in its JSON form. */
export function containsSecret(text: string): boolean {
  return [...known].some(
    (secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

/** Replaces every registered secret in `text` by `***`. */
export function redact(text: string): string {
  return [...known].reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
}
