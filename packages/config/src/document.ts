import { type Document as YamlDocument, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '@runner-actions/core';
import type { Position, Problem } from './problem.ts';
import { toPlain } from './yaml-to-plain.ts';
import { documentLimit } from './text-io.ts';

/** A YAML file that was read: plain data, and where in the file each part stands. */
export interface Document {
  file: string;
  /** Maps, lists, texts, booleans, null; numbers only where their text is the number's own (`1.10`, `0755` stay text). */
  value: unknown;
  /** What is wrong with it as YAML; the value is then not to be used. */
  problems: readonly Problem[];
  /** The position of the value at `path`, or of its key; of the nearest part that exists, when it does not. */
  positionOf(path: Problem['path'], part: 'key' | 'value'): Position;
}

/** Reads YAML 1.2. It never throws: duplicate keys, tabs, unknown tags, alias bombs and files over 1 MiB are problems. */
export function readDocument(text: string, file: string): Document {
  const problemAt = (line: number, column: number, expected: string): Problem => ({
    ...{ file, line, column, expected },
    path: [],
    found: undefined,
  });
  const broken = (expected: string): Document => ({
    ...{ file, value: undefined, problems: [problemAt(1, 1, expected)] },
    positionOf: () => ({ file, line: 1, column: 1 }),
  });
  if (Buffer.byteLength(text) > documentLimit) return broken('a document of at most 1 MiB');
  try {
    return open(text, file, problemAt);
  } catch (error) {
    return broken(`YAML that can be read (${messageOf(error)})`);
  }
}

function open(
  text: string,
  file: string,
  problemAt: (line: number, column: number, expected: string) => Problem,
): Document {
  const lines = new LineCounter();
  // Keys that stand twice are found in `toPlain`: the library compares each with each, for minutes in a large file.
  const yaml: YamlDocument = parseDocument(text, {
    ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' as const },
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const all = [...yaml.errors, ...yaml.warnings];
  const exhausted = all.filter(({ code }) => code === 'RESOURCE_EXHAUSTION').slice(0, 1);
  const told = exhausted.length > 0 ? exhausted : all;
  const problems = told.map(({ code, message, pos }) => {
    const { line, column } = at(pos[0]);
    // The library quotes what it did not expect, which may be anything where the file is none of ours.
    const told = code === 'UNEXPECTED_TOKEN' ? (message.split(': ', 1)[0] ?? '') : message;
    const sentence = sentences[code] ?? told.replace(/\.$/, '');
    return problemAt(line, column, `valid YAML (${sentence}${hints[code] ?? ''})`);
  });
  if (problems.length > 0) return { file, value: undefined, problems, positionOf: () => at(0) };
  const plain = toPlain(yaml);
  return {
    file,
    value: plain.value,
    problems: plain.faults.map(({ offset, expected }) =>
      problemAt(at(offset).line, at(offset).column, expected),
    ),
    positionOf: (path, part) => at(plain.offsetOf(path, part)),
  };
}

const sentences: Record<string, string> = {
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab is no indentation; use spaces',
  MULTIPLE_DOCS: "one document only; remove the line '---'",
};

/** Globs begin with what YAML takes for its own. */
const hints: Record<string, string> = {
  BAD_ALIAS: "; a text that begins with '*' stands in quotes",
  TAG_RESOLVE_FAILED: "; a text that begins with '!' stands in quotes",
};
