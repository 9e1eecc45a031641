/**
 * Converts a file name to text without losing bytes. A name that is not UTF-8 starts with a NUL, which no file name
 * contains, and each of its bytes becomes one character.
 */
export function decodeName(name: Buffer): string {
  const text = name.toString();
  return Buffer.from(text).equals(name) ? text : `\0${name.toString('latin1')}`;
}

/** Converts a name that `decodeName` returned back to bytes. */
export function encodeName(name: string): Buffer {
  return name.startsWith('\0') ? Buffer.from(name.slice(1), 'latin1') : Buffer.from(name);
}
