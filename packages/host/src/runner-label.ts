import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readSmallFile } from '@runner-actions/core';

/** Bytes. The file has less than 1 kB. */
const maxRunnerFile = 65_536;

/** The file `.runner`, with which a runner identifies itself. */
export interface RunnerFile {
  /**
   * The label that the runner gives to its containers and networks: six hexadecimal digits, with an empty value.
   * Source: actions/runner 2.336.0, DockerCommandManager.cs, `Initialize`.
   */
  label: string;
  /** `WorkFolder`: absolute, or relative to the runner's folder; `undefined` if the file does not name it. */
  workFolder: string | undefined;
  /** `Ephemeral`: whether the runner takes one job, and never comes back under its name. */
  ephemeral: boolean;
}

/** Reads the file of the runner in a folder. @returns `undefined` if there is none, or it cannot be read */
export function readRunnerFile(root: string): RunnerFile | undefined {
  const text = readSmallFile(join(root, '.runner'), maxRunnerFile);
  return text === undefined ? undefined : parseRunnerFile(text);
}

export function parseRunnerFile(text: string): RunnerFile {
  // .NET leaves out the byte order mark that it writes itself.
  const content = text.replace(/^\uFEFF/, '');
  const label = createHash('sha256').update(lowerCase(content)).digest('hex').slice(0, 6);
  const folder = settingIn(content, 'workfolder');
  return {
    label,
    workFolder: typeof folder === 'string' && folder !== '' ? folder : undefined,
    ephemeral: String(settingIn(content, 'ephemeral')).toLowerCase() === 'true',
  };
}

/** Lower case as .NET's `ToLowerInvariant`: character by character, without regard to neighbours. */
const lowerCase = (text: string): string =>
  Array.from(text, (character) => {
    const lower = character.toLowerCase();
    return lower.length === character.length ? lower : character;
  }).join('');

/** @param setting its name in lower case */
function settingIn(text: string, setting: string): unknown {
  try {
    const fields = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return fields.find(([name]) => name.toLowerCase() === setting)?.[1];
  } catch {
    return undefined;
  }
}
