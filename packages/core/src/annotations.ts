import { escapeMarkdown } from './markdown.ts';
import { redact } from './secrets.ts';
import * as toolkit from './toolkit.ts';

export type Level = 'error' | 'warning' | 'notice';

/** What an annotation points at; lines and columns count from 1. */
export interface AnnotationPlace {
  title?: string;
  file?: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
}

/** GitHub shows ten annotations of a level for a step and drops the rest in silence. */
const shown = 10;

export interface Annotations {
  add(level: Level, message: string, place?: AnnotationPlace): void;
  /** Emits what was held back. The answer is what did not fit, as Markdown for the summary. */
  flush(): string;
}

/** Annotations within GitHub's limits: nine of a level at once; the tenth is the tenth, or says how many more there are. */
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
      if (counts[level] < shown) emit(level, redact(message), place);
      else held[level].push({ message: redact(message), place });
    },
    flush() {
      const overflow = (['error', 'warning', 'notice'] as const).map((level) => {
        const rest = held[level].splice(0);
        const [only] = rest;
        if (rest.length === 1 && only !== undefined) emit(level, only.message, only.place);
        if (rest.length <= 1) return '';
        emit(level, `${rest.length} more of this kind are in the job summary.`, {});
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
