import { type Word, wordsOfLines } from './lines.ts';
import type { Findings } from './stated.ts';
import { stateTool } from './state-tool.ts';

/**
 * Reads `go.mod` and `go.work` (https://go.dev/ref/mod#go-mod-file-go): `go` and `toolchain` name the oldest Go that
 * will do. Go itself sees `toolchain` as a wish, which it fulfils by a download if it may.
 */
export function readGoMod(text: string, found: Findings) {
  let inBlock = false;
  for (const [verb, ...rest] of wordsOfLines(text, '//')) {
    if (verb === undefined) continue;
    if (inBlock) inBlock = verb.text !== ')';
    else if (rest.at(-1)?.text === '(' || verb.text.endsWith('(')) inBlock = true;
    else if (verb.text === 'go' || verb.text === 'toolchain') stateGo(found, verb, rest);
  }
}

function stateGo(found: Findings, verb: Word, rest: Word[]) {
  const [word] = rest;
  const text = [verb, ...rest].map((one) => one.text).join(' ');
  if (word === undefined || rest.length > 1) return found.leave(verb, text, 'is not one version');
  if (verb.text === 'toolchain' && word.text === 'default') {
    return found.leave(word, text, 'asks for nothing beyond the go line');
  }
  // A toolchain may have a suffix of its builder: `go1.22.3-acme`.
  const pattern =
    verb.text === 'go'
      ? /^(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)$/
      : /^go(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)(?:-\S*)?$/;
  const version = pattern.exec(word.text)?.[1];
  if (version === undefined) return found.leave(word, text, 'is no version of Go');
  stateTool(found, word, 'go', { version: `>=${version}` });
}
