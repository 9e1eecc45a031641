import { type NoFile, readFileWithin, readRegularFile } from '@runner-actions/host';

/** The largest size of a configuration file, a policy or a manifest, in bytes. */
export const documentLimit = 1024 * 1024;

export type Text = { kind: 'text'; text: string } | { kind: 'wrong'; expected: string };

/** Reads a text file. The path must not be a link. @throws Error if it cannot be opened */
export async function readText(path: string): Promise<Text> {
  return textOf(await readRegularFile(path, documentLimit));
}

/**
 * Reads a text file below a folder. No link may lead out of the folder, or to a folder of git, whose configuration may
 * hold a token.
 * @throws Error if it cannot be opened
 */
export async function readTextWithin(folder: string, path: string): Promise<Text> {
  return textOf(await readFileWithin(folder, path, documentLimit, '.git'));
}

function textOf(found: Buffer | NoFile | 'outside'): Text {
  if (found === 'outside')
    return {
      kind: 'wrong',
      expected: 'a file of the repository, not a link out of it, and none in a folder .git',
    };
  if (found === 'not-a-file') return { kind: 'wrong', expected: 'a file, not a folder or a device' };
  if (found === 'too-large') return { kind: 'wrong', expected: 'a file of at most 1 MiB' };
  return decode(found);
}

/** Decodes UTF-8 and removes a byte order mark. */
export function decode(bytes: Uint8Array): Text {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'wrong', expected: 'a text in UTF-8' };
  }
}
