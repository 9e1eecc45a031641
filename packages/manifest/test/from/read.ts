import { readVersionFile } from '../../src/from/index.ts';

/** Reads a file, and returns each requirement and each thing that is left as one line of text. */
export function read(path: string, text: string) {
  const file = readVersionFile(path, text);
  if (file === undefined) throw new Error(`${path} is not known`);
  return {
    stated: file.stated.map(({ requirement: { section, ...rest }, line, column }) => {
      const said = Object.values(rest).map((value) =>
        Array.isArray(value) ? `[${value.join(',')}]` : value,
      );
      return `${line}:${column} ${section} ${said.join(' ')}`;
    }),
    notRead: file.notRead.map(({ line, column, text: found, why }) => `${line}:${column} ${found} | ${why}`),
    problem: file.problem,
  };
}

/** Reads a file that says one thing: returns the requirement, or why there is none. */
export function readOne(path: string, text: string): string {
  const { stated, notRead, problem } = read(path, text);
  if (problem !== undefined) return `expected ${problem.expected}`;
  const all = [
    ...stated.map((line) => line.replace(/^\S+ \S+ /, '')),
    ...notRead.map((line) => line.replace(/^.* \| /, '')),
  ];
  if (all.length !== 1) throw new Error(`says ${all.length} things: ${all.join('; ')}`);
  return all.join('');
}
