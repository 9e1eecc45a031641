import { wordsOfLines } from './lines.ts';
import type { Findings } from './stated.ts';
import { stateTool } from './state-tool.ts';

/** Neither do the programs read it. */
const after = 'follows the version';

/** Reads a file that holds the version of one tool: its first word (nvm, nodenv, rbenv, jEnv, goenv, tfenv). */
export function readSingleVersion(tool: string): (text: string, found: Findings) => void {
  return (text, found) => {
    const lines = wordsOfLines(text);
    const [first, second = lines.next().value?.[0]] = lines.next().value ?? [];
    if (first === undefined) return found.leave({ line: 1, column: 1 }, '', 'says no version');
    // nvm keeps `key=value` lines for the future.
    if (/^\w+=/.test(first.text) && tool === 'node') {
      return found.leave(first, first.text, 'is a setting that nvm does not use');
    }
    if (tool === 'terraform') stateTerraform(found, first);
    else stateTool(found, first, tool, first.text);
    if (second !== undefined) found.leave(second, second.text, after);
  };
}

/** tfenv has `latest:<pattern>`, and two words that mean what the configuration asks for. */
function stateTerraform(found: Findings, word: { text: string; line: number; column: number }) {
  const { text } = word;
  const prefix = /^latest:\^?(\d+(?:\\?\.\d+)*)(?:\\?\.)?$/.exec(text)?.[1]?.replaceAll('\\', '');
  if (prefix !== undefined) return stateTool(found, word, 'terraform', prefix);
  if (text.startsWith('latest:')) return found.leave(word, text, 'chooses by a pattern; write a version');
  if (text === 'min-required' || text === 'latest-allowed') {
    return found.leave(word, text, 'is what the .tf files say, which are not read');
  }
  stateTool(found, word, 'terraform', text);
}

/**
 * Reads `.python-version`: pyenv puts all of its versions on PATH and refuses to run if one is missing
 * (https://github.com/pyenv/pyenv/blob/master/COMMANDS.md). It reads the first word of each line.
 */
export function readPythonVersions(text: string, found: Findings) {
  let empty = true;
  for (const [word, other] of wordsOfLines(text)) {
    empty = false;
    if (word !== undefined) stateTool(found, word, 'python', word.text);
    if (other !== undefined) found.leave(other, other.text, after);
  }
  if (empty) found.leave({ line: 1, column: 1 }, '', 'says no version');
}

/** Reads `.sdkmanrc` (https://sdkman.io/usage#env-command): a candidate and its version on each line, with `=`. */
export function readSdkmanrc(text: string, found: Findings) {
  for (const words of wordsOfLines(text)) {
    const [word] = words;
    if (word === undefined) continue;
    const line = words.map((one) => one.text).join('');
    const [, name, version] = /^([^=]+)=(.+)$/.exec(line) ?? [];
    if (name === undefined || version === undefined)
      found.leave(word, line, 'is no candidate with a version');
    else stateTool(found, word, name, version);
  }
}
