/** A name as text, byte for byte: one that is not UTF-8 is marked by a NUL, which no name has, and each of its bytes is a character. */
export function decodeName(name: Buffer): string {
  const text = name.toString();
  return Buffer.from(text).equals(name) ? text : `\0${name.toString('latin1')}`;
}

export function encodeName(name: string): Buffer {
  return name.startsWith('\0') ? Buffer.from(name.slice(1), 'latin1') : Buffer.from(name);
}
