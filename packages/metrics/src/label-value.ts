import { escapeControls } from '@runner-actions/core';

/** Characters of a value or a help text. */
const maxValue = 200;

/**
 * Returns a stranger's text as a value of a label: at most 200 characters (or `maxLength`), valid Unicode, and without control characters:
 * a NUL ends a file for Prometheus' parser, and a page would obey the others.
 */
export function cleanText(text: string, maxLength = maxValue): string {
  // A character takes at most two units. Cut first, so that a long text costs nothing.
  const characters = Array.from(text.slice(0, 2 * maxLength)).slice(0, maxLength);
  return Array.from(escapeControls(characters.join('').toWellFormed()))
    .slice(0, maxLength)
    .join('');
}
