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

/** Returns the text form of a name that has one character for each byte, as Node's encoding `latin1` gives it. */
export function textOfBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : decodeName(Buffer.from(bytes, 'latin1'));
}

/** Returns a path for Node's calls. Text is faster than a buffer. @param bytes one character for each byte */
export function pathOfBytes(bytes: string): string | Buffer {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1');
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/**
 * Returns a form of a name or path in which two that the system takes for one are equal. Windows and macOS usually do
 * not compare case, and macOS takes a letter and its combining mark for one.
 */
export function foldName(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' || platform === 'darwin' ? name.normalize('NFC').toLowerCase() : name;
}
