import { type Document as YamlDocument, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '@runner-actions/core';
import { clip, type Position, type Problem } from './problem.ts';
import { toPlain } from './yaml-to-plain.ts';
import { yamlHint } from './yaml-hints.ts';
import { documentLimit } from './text-io.ts';

/** A parsed YAML file: plain data and the position of each part. */
export interface Document {
  file: string;
  /**
   * Maps, lists, texts, booleans, null and numbers. A number whose text would change, such as `1.10` or `0755`, stays
   * a text.
   */
  value: unknown;
  /** The YAML errors. If there are any, do not use `value`. */
  problems: readonly Problem[];
  /**
   * Returns the position of the value at `path`, or of its key. If it does not exist: the position of the nearest
   * existing part.
   */
  positionOf(path: Problem['path'], part: 'key' | 'value'): Position;
}

/**
 * Parses YAML 1.2. It never throws: duplicate keys, tabs, unknown tags, alias bombs and files over 1 MiB are reported
 * as problems.
 */
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
    return broken(`YAML that can be read (${brief(messageOf(error))})`);
  }
}

function open(
  text: string,
  file: string,
  problemAt: (line: number, column: number, expected: string) => Problem,
): Document {
  const lines = new LineCounter();
  // `toPlain` finds duplicate keys. The library compares every pair of keys, which takes minutes for a large file.
  const yaml: YamlDocument = parseDocument(text, {
    ...{ lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' as const },
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const all = [...yaml.errors, ...yaml.warnings];
  const exhausted = all.filter(({ code }) => code === 'RESOURCE_EXHAUSTION').slice(0, 1);
  const reported = exhausted.length > 0 ? exhausted : all;
  const problems = reported.map(({ code, message, pos }) => {
    const { line, column } = at(pos[0]);
    // The library quotes the unexpected token, which may be a secret if the file is not a configuration.
    const said = code === 'UNEXPECTED_TOKEN' ? (message.split(': ', 1)[0] ?? '') : message;
    const sentence = sentences[code] ?? brief(said.replace(/\.$/, ''));
    return problemAt(
      line,
      column,
      `valid YAML (${sentence}${yamlHint({ code, message, text, offset: pos[0] })})`,
    );
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

/** Cuts what a message of the library quotes: it stands behind a colon, or within the sentence. */
function brief(message: string): string {
  const [said = '', ...quoted] = message.split(': ');
  return [clip(said), ...(quoted.length === 0 ? [] : [clip(quoted.join(': '))])].join(': ');
}

const sentences: Record<string, string> = {
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab is not allowed as indentation; use spaces',
  KEY_OVER_1024_CHARS: 'a key has at most 1024 characters, with its colon on the same line',
  MULTIPLE_DOCS: "one document only; remove the line '---'",
};
