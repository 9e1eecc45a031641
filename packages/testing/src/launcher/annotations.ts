import type { LogCommand } from './log-commands.ts';

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  title?: string;
  file?: string;
  line?: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
}

/** GitHub shows this many annotations per level and step, cut to this length. Source: actions/runner, ExecutionContext.cs. */
const maxPerLevel = 10;
const maxCharacters = 4096;

/** Collects the annotations of a step. `shown` holds those that GitHub would show, masked. */
export function openAnnotations(mask: (text: string) => string): {
  shown: Annotation[];
  add: (annotation: Annotation) => void;
} {
  const shown: Annotation[] = [];
  return {
    shown,
    add(annotation) {
      const message = mask(annotation.message).slice(0, maxCharacters);
      const before = shown.filter(({ level }) => level === annotation.level).length;
      if (message.trim() !== '' && before < maxPerLevel) shown.push({ ...annotation, message });
    },
  };
}

/** Converts `::error::`, `::warning::` or `::notice::` to an annotation. A path in the workspace becomes relative to it. */
export function toAnnotation(command: LogCommand, workspace: string): Annotation {
  const { title, file } = command.properties;
  const { line, endLine, column, endColumn } = readPosition(command.properties);
  return {
    level: command.name as Annotation['level'],
    message: command.data,
    ...(title === undefined ? {} : { title }),
    ...(file === undefined
      ? {}
      : { file: file.startsWith(`${workspace}/`) ? file.slice(workspace.length + 1) : file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

type Position = Partial<Record<'line' | 'endLine' | 'column' | 'endColumn', number>>;

/**
 * Reads the lines and columns, and drops those that contradict each other.
 * Source: actions/runner 2.336.0, `ValidateLinesAndColumns` of ActionCommandManager.cs.
 */
function readPosition(properties: LogCommand['properties']): Position {
  const number = (name: string): number | undefined => {
    const text = properties[name]?.trim() ?? '';
    return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  };
  const endLine = number('endline');
  const endColumn = number('endcolumn');
  const line = number('line') ?? endLine;
  const column = number('col') ?? endColumn;
  const spansLines = endLine !== undefined && line !== endLine;
  const lines = endLine !== undefined && line !== undefined && endLine < line ? {} : { line, endLine };
  const isReversed = endColumn !== undefined && column !== undefined && endColumn < column;
  const columns = line === undefined || spansLines || isReversed ? {} : { column, endColumn };
  const known = Object.entries({ ...lines, ...columns }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Position;
}
