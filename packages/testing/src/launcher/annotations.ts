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

/** GitHub shows ten annotations of a level for a step, and this many characters of each. Source: actions/runner, ExecutionContext.cs. */
const shownOfALevel = 10;
const shownCharacters = 4096;

/** The annotations of a step that GitHub would show. */
export function collectAnnotations(mask: (text: string) => string): {
  shown: Annotation[];
  add: (annotation: Annotation) => void;
} {
  const shown: Annotation[] = [];
  return {
    shown,
    add(annotation) {
      const message = mask(annotation.message).slice(0, shownCharacters);
      const before = shown.filter(({ level }) => level === annotation.level).length;
      if (message.trim() !== '' && before < shownOfALevel) shown.push({ ...annotation, message });
    },
  };
}

/** The annotation that `::error::`, `::warning::` or `::notice::` asks for. A file in the workspace is told relative to it. */
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

/** Only what fits together stays. Source: actions/runner 2.336.0, `ValidateLinesAndColumns` of ActionCommandManager.cs. */
function readPosition(properties: LogCommand['properties']): Position {
  const number = (name: string): number | undefined => {
    const text = properties[name]?.trim() ?? '';
    return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  };
  const endLine = number('endline');
  const endColumn = number('endcolumn');
  const line = number('line') ?? endLine;
  const column = number('col') ?? endColumn;
  const severalLines = endLine !== undefined && line !== endLine;
  const lines = endLine !== undefined && line !== undefined && endLine < line ? {} : { line, endLine };
  const backwards = endColumn !== undefined && column !== undefined && endColumn < column;
  const columns = line === undefined || severalLines || backwards ? {} : { column, endColumn };
  const known = Object.entries({ ...lines, ...columns }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Position;
}
