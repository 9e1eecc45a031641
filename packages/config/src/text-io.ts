import { type NoFile, readFileWithin, readRegularFile } from '@runner-actions/host';

/** Bytes of a configuration file, a policy or a manifest. */
export const documentLimit = 1024 * 1024;

export type Text = { kind: 'text'; text: string } | { kind: 'wrong'; expected: string };

/** The text of a file at a path without links. @throws Error when it cannot be opened */
export async function readText(path: string): Promise<Text> {
  return textOf(await readRegularFile(path, documentLimit));
}

/** The text of a file below a folder, from which no link may lead out. @throws Error when it cannot be opened */
export async function readTextWithin(folder: string, path: string): Promise<Text> {
  return textOf(await readFileWithin(folder, path, documentLimit));
}

function textOf(found: Buffer | NoFile | 'outside'): Text {
  if (found === 'outside')
    return { kind: 'wrong', expected: 'a file of the repository, not a link out of it' };
  if (found === 'not-a-file') return { kind: 'wrong', expected: 'a file, not a folder or a device' };
  if (found === 'too-large') return { kind: 'wrong', expected: 'a file of at most 1 MiB' };
  return decode(found);
}

/** The bytes as text. A byte order mark is left out. */
export function decode(bytes: Uint8Array): Text {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'wrong', expected: 'a text in UTF-8' };
  }
}
