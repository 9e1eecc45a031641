import type { Place } from './stated.ts';

/** A word of a line. */
export interface Word extends Place {
  text: string;
}

/** Yields each line's words without its comment. Lines without words are left out. */
export function* wordsOfLines(text: string, comment = '#'): Generator<Word[]> {
  for (const [index, line] of text.split('\n').entries()) {
    const end = line.indexOf(comment);
    const found = (end === -1 ? line : line.slice(0, end)).matchAll(/\S+/g);
    const words = [...found].map(({ 0: word, index: at }) => ({
      text: word,
      line: index + 1,
      column: at + 1,
    }));
    if (words.length > 0) yield words;
  }
}
