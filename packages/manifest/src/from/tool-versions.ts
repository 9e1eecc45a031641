import { type Word, wordsOfLines } from './lines.ts';
import { commandOf } from './names.ts';
import type { Findings } from './stated.ts';
import { stateTool } from './state-tool.ts';
import type { VersionMeaning } from './version-meaning.ts';
import { readVersion } from './version-text.ts';

/**
 * Reads `.tool-versions` (https://asdf-vm.com/manage/configuration.html): a tool and its versions on each line. asdf
 * runs the first of them that is installed, so each is enough. `asdf install` installs all; to run, it needs one.
 */
export function readToolVersions(text: string, found: Findings) {
  for (const [name, ...versions] of wordsOfLines(text)) {
    if (name === undefined) continue;
    const [first, ...others] = versions;
    if (first === undefined) found.leave(name, name.text, 'says no version');
    else if (others.length === 0) stateTool(found, first, name.text, first.text);
    else stateFallbacks(found, name, versions);
  }
}

function stateFallbacks(found: Findings, name: Word, versions: Word[]) {
  const place = versions[0] ?? name;
  if (versions.length > 20) return found.leave(place, name.text, 'has more fallbacks than can be read');
  const tool = commandOf(name.text) ?? '';
  const read = versions.map(({ text }) => readVersion(tool, text));
  const unknown = versions.find((_, at) => 'why' in (read[at] ?? {}));
  if (unknown !== undefined || tool === 'rust') {
    // One that cannot be checked could be the one that holds, so nothing can be said of the others.
    const text = [name, ...versions].map((word) => word.text).join(' ');
    return found.leave(place, text, 'has fallbacks, one of which cannot be checked');
  }
  stateTool(found, place, name.text, anyOf(read));
}

function anyOf(read: VersionMeaning[]): VersionMeaning {
  const versions = read.flatMap((one) => ('version' in one ? [one.version] : []));
  if (versions.includes('latest')) return { version: 'latest' };
  const version = [...new Set(versions)].join(' || ');
  return version.length > 200 ? { why: 'has more fallbacks than a range can hold' } : { version };
}
