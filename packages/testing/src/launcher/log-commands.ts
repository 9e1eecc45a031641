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

/** GitHub shows ten annotations of a level for a step. */
const shownOfALevel = 10;

/** The annotations in a step's log that GitHub would show: the first ten of each level. */
export function readAnnotations(stdout: string): Annotation[] {
  const all = stdout.split(/\r?\n/).flatMap((line) => {
    const match = /^::(error|warning|notice)(?: ([^:]*(?:::?[^:]+)*?))?::(.*)$/.exec(line);
    if (match === null) return [];
    const [, level, properties = '', message = ''] = match;
    return [
      { level: level as Annotation['level'], message: unescape(message), ...readProperties(properties) },
    ];
  });
  const counts: Record<string, number> = {};
  return all.filter(({ level }) => (counts[level] = (counts[level] ?? 0) + 1) <= shownOfALevel);
}

function readProperties(text: string): Omit<Annotation, 'level' | 'message'> {
  const pairs = text.split(',').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), unescape(value.join('=')).replaceAll('%3A', ':').replaceAll('%2C', ',')] as const;
  });
  const given = new Map(pairs.filter(([name]) => name !== ''));
  const number = (name: string, as: string) => (given.has(name) ? { [as]: Number(given.get(name)) } : {});
  return {
    ...(given.has('title') ? { title: given.get('title') ?? '' } : {}),
    ...(given.has('file') ? { file: given.get('file') ?? '' } : {}),
    ...number('line', 'line'),
    ...number('col', 'column'),
    ...number('endLine', 'endLine'),
    ...number('endColumn', 'endColumn'),
  };
}

function unescape(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** The values that a step asked to mask. */
export function readMasks(stdout: string): string[] {
  return stdout
    .split(/\r?\n/)
    .flatMap((line) => (line.startsWith('::add-mask::') ? [unescape(line.slice(12))] : []));
}
