import { setSecret } from './toolkit.ts';

const known = new Set<string>();

/** Masks `value` in the log from here on, and remembers it so that state refuses it. Empty is ignored. */
export function registerSecret(value: string): void {
  if (value === '') return;
  if (!known.has(value)) setSecret(value);
  known.add(value);
}

/** Whether a registered secret stands in `text`, as it is or as JSON writes it. */
export function containsSecret(text: string): boolean {
  return [...known].some(
    (secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

/** `text` with every registered secret replaced by `***`. */
export function redact(text: string): string {
  return [...known].reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
}
