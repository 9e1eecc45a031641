/**
 * Escapes the characters of a text that a terminal obeys, that begin a new line, or that turn the order of the text
 * around: `\x1b`. Names of files and answers of programs may contain them. A tab stays.
 */
export function printable(text: string): string {
  return text.replaceAll(/(?!\t)\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}
