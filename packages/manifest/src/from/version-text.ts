import { readJavaVersion } from './java-version.ts';
import { type VersionMeaning, moves } from './version-meaning.ts';
import { pythonRange } from './python-range.ts';

/**
 * Reads a version as the version managers write it. All of them take `20` and `20.1` for the newest 20.x and 20.1.x,
 * which is what the manifest's grammar means too.
 * @param tool its name on PATH.
 */
export function readVersion(tool: string, written: string): VersionMeaning {
  const text = written.trim();
  if (text.length > 100) return { why: 'is longer than a version' };
  const special = readSpecial(tool, text);
  if (special !== undefined) return special;
  if (tool === 'java') return readJavaVersion(text);
  if (tool === 'node') return readNode(text);
  if (tool === 'python3') return readPython(text);
  if (tool === 'ruby') return readRuby(text);
  if (tool === 'go') return readNumber(text.replace(/^go(?=\d)/, ''));
  if (tool === 'elixir') return readElixir(text);
  return readNumber(text);
}

/** Forms that mean the same for each tool (mise: src/toolset/tool_request.rs; asdf: internal/toolversions). */
function readSpecial(tool: string, text: string): VersionMeaning | undefined {
  if (text === '') return { why: 'says no version' };
  if (text.includes('{{') || text.includes('${')) return { why: 'is a template' };
  // `system` is what the machine has, whatever its version.
  if (text === 'latest' || text === 'system') return { version: 'latest' };
  const newest = /^(?:latest|prefix):(.+)$/.exec(text)?.[1];
  if (newest !== undefined) return readVersion(tool, newest);
  if (/^(?:ref|tag|branch|rev)[:-]/.test(text))
    return { why: 'is built from a source revision, which has no version' };
  if (text.startsWith('path:')) return { why: 'is a folder of its own, which has no version' };
  if (/^sub-[\d.]+:/.test(text)) return { why: moves };
  if (/^(?:lts|stable|unstable|beta|alpha|nightly|canary|dev|main|master|head|edge|tip)$/i.test(text)) {
    return { why: moves };
  }
  return undefined;
}

/** Reads a plain version: numbers, up to one `x`, and what follows them. Build data (`+sha512…`) is dropped. */
export function readNumber(text: string): VersionMeaning {
  const bare = text.replace(/^[vV](?=\d)/, '').split('+', 1)[0] ?? '';
  const wild = /^\d{1,9}(?:\.\d{1,9}){0,5}(?:\.[xX*])?$/.test(bare);
  if (wild || /^\d{1,9}(?:\.\d{1,9}){0,5}[-._]?[A-Za-z][\w.-]{0,40}$/.test(bare)) return { version: bare };
  return { why: 'is no version' };
}

/** From https://github.com/nodejs/Release: each line's code name and its first release with long-term support. */
const nodeLines = new Map([
  ['argon', '>=4.2.0 <5'],
  ['boron', '>=6.9.0 <7'],
  ['carbon', '>=8.9.0 <9'],
  ['dubnium', '>=10.13.0 <11'],
  ['erbium', '>=12.13.0 <13'],
  ['fermium', '>=14.15.0 <15'],
  ['gallium', '>=16.13.0 <17'],
  ['hydrogen', '>=18.12.0 <19'],
  ['iron', '>=20.9.0 <21'],
  ['jod', '>=22.11.0 <23'],
  ['krypton', '>=24.11.0 <25'],
]);

/** The names of nvm (https://github.com/nvm-sh/nvm, "nvm --help"), which nodenv, fnm and mise share in part. */
function readNode(text: string): VersionMeaning {
  const name = /^lts[/-]([a-z]+)$/i.exec(text)?.[1]?.toLowerCase();
  const line = nodeLines.get(name ?? '');
  if (line !== undefined) return { version: line };
  if (/^iojs/i.test(text)) return { why: 'is io.js, which ended in 2015' };
  if (/^(?:node|default|current|lts[/-].*)$/i.test(text)) return { why: moves };
  const number = readNumber(text.replace(/^node-(?=v?\d)/, ''));
  // Any other word is an alias that each machine defines for itself.
  return 'why' in number ? { why: 'is no version; an alias of nvm holds on one machine only' } : number;
}

/** The names of pyenv and uv: CPython without a prefix, other implementations and environments with one. */
function readPython(text: string): VersionMeaning {
  const bare = text.replace(/^(?:cpython|python)[-@]?(?=\d)/, '');
  if (/^\d/.test(bare)) {
    if (/^[\d.]+(?:t|-dev|t-dev)$/.test(bare)) return { why: 'is a build of its own, not a release' };
    return readNumber(bare);
  }
  if (/^[<>=!~]/.test(bare)) return pythonRange(bare);
  if (/^[a-z][a-z-]*\d*(?:\.\d+)?[-@]\d/i.test(bare)) return { why: 'is another implementation of Python' };
  return { why: 'is no version; the name of an environment holds on one machine only' };
}

/** The names of rbenv and ruby-build: MRI as a number or `ruby-3.3.0`; RVM adds a gem set after `@`. */
function readRuby(text: string): VersionMeaning {
  const number = readNumber(text.replace(/^ruby-(?=\d)/, '').split('@', 1)[0] ?? '');
  if ('version' in number) return number;
  return { why: /^[a-z+]+-\d/i.test(text) ? 'is another implementation of Ruby' : number.why };
}

/** `1.15.7-otp-26` is Elixir 1.15.7, built for Erlang/OTP 26 (asdf-elixir). */
function readElixir(text: string): VersionMeaning {
  const [, version, otp] = /^(.*)-otp-(\d+)$/.exec(text) ?? [];
  const number = readNumber(version ?? text);
  return otp === undefined || 'why' in number ? number : { ...number, vendor: `otp-${otp}` };
}
