/** The most that is looked at of one stream, in UTF-16 units. No tool tells its version later. */
const limit = 64 * 1024;

/**
 * Returns what a person would read in `output`: without colours and other terminal sequences, without the characters
 * that draw boxes, with `\n` at line ends.
 */
export function plainText(output: string): string {
  return output
    .slice(0, limit)
    .replaceAll(
      /\u001b(?:\[[\d;:?]{0,40}[@-~]|\][^\u0007\u001b\n]{0,200}(?:\u0007|\u001b\\)|[()][\dAB]|[=>78])/g,
      '',
    )
    .replaceAll(/[\u2500-\u259f]/g, '')
    .replaceAll(/\r\n?/g, '\n');
}

/** Returns the lines of a plain text that say something, without the space around them. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What Java and Node.js say before a program starts. */
const runtimeNote =
  /^(?:(?:NOTE: )?Picked up (?:_JAVA|JAVA_TOOL|JDK_JAVA)_OPTIONS: |\(node:\d{1,10}\) |\(Use `node --trace-)/;

/** Returns the lines without those of the runtime of a program. */
export function withoutRuntimeNotes(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !runtimeNote.test(line));
}

/** Returns the first line that tells most: the program's own, else its runtime's. */
export function saidFirst(lines: readonly string[]): string | undefined {
  return withoutRuntimeNotes(lines)[0] ?? lines[0];
}

const shownCharacters = 120;

/** Returns a line as a message may show it: at most 120 characters, none of them invisible. */
export function shownLine(line: string): string {
  const visible = line.slice(0, 2 * shownCharacters).replaceAll(/\p{C}/gu, '\ufffd');
  const characters = [...visible];
  const cut = characters.length > shownCharacters || line.length > 2 * shownCharacters;
  return cut ? `${characters.slice(0, shownCharacters - 1).join('')}…` : visible;
}
