import { escapeMarkdown } from './markdown.ts';
import { redact } from './secrets.ts';
import * as toolkit from './toolkit.ts';

export type Level = 'error' | 'warning' | 'notice';

/** The position in a file that an annotation points at. Lines and columns count from 1. */
export interface AnnotationPlace {
  title?: string;
  file?: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
}

/** GitHub shows ten annotations of each level for a step and drops the rest without a notice. */
const annotationLimit = 10;

export interface Annotations {
  add(level: Level, message: string, place?: AnnotationPlace): void;
  /** Emits the annotations that were held back. Returns those above the limit, as Markdown for the summary. */
  flush(): string;
}

/**
 * Collects annotations within GitHub's limit. Emits the first nine of a level at once. `flush` emits the tenth, or,
 * if there are more than ten, an annotation that says how many more are in the summary.
 */
export function collectAnnotations(emit = emitThroughToolkit): Annotations {
  const counts: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  const held: Record<Level, { message: string; place: AnnotationPlace }[]> = {
    error: [],
    warning: [],
    notice: [],
  };
  return {
    add(level, message, place = {}) {
      counts[level] += 1;
      if (counts[level] < annotationLimit) emit(level, redact(message), place);
      else held[level].push({ message: redact(message), place });
    },
    flush() {
      const overflow = (['error', 'warning', 'notice'] as const).map((level) => {
        const rest = held[level].splice(0);
        const [only] = rest;
        if (rest.length === 1 && only !== undefined) emit(level, only.message, only.place);
        if (rest.length <= 1) return '';
        emit(level, `${rest.length} more annotations of this level are in the job summary.`, {});
        return `**${rest.length} more: ${level}**\n\n${rest.map(asListItem).join('\n')}\n`;
      });
      return overflow.filter((part) => part !== '').join('\n');
    },
  };
}

function asListItem({ message, place }: { message: string; place: AnnotationPlace }): string {
  const at = place.file === undefined ? '' : `${place.file}:${place.line ?? 1}:${place.column ?? 1}: `;
  return `- ${escapeMarkdown(message.startsWith(at) ? message : at + message)}`;
}

function emitThroughToolkit(level: Level, message: string, place: AnnotationPlace): void {
  const { title, file, line, column, endLine, endColumn } = place;
  toolkit[level](message, {
    ...(title === undefined ? {} : { title }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endColumn === undefined ? {} : { endColumn }),
  });
}
