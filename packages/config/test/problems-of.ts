import { checkConfig, describeProblem, type Fetched, type Files } from '../src/index.ts';

/** Files by their path, `owner/repo:path@ref` for another repository's. */
export function filesOf(texts: Record<string, string>): Files {
  return {
    read: ({ repository, ref, path }): Promise<Fetched> => {
      const name =
        repository === undefined ? path : `${repository}:${path}${ref === undefined ? '' : `@${ref}`}`;
      const text = texts[name];
      return Promise.resolve(
        text === undefined ? { kind: 'missing', why: 'there is no such file' } : { kind: 'text', text },
      );
    },
  };
}

/** The problems of the first file and all that it extends, as `line:column sentence`; those of others with their file. */
export async function problemsOf(texts: Record<string, string>): Promise<string[]> {
  const [first = ''] = Object.keys(texts);
  const loaded = await checkConfig(filesOf(texts), { repository: undefined, ref: undefined, path: first });
  if (loaded.kind !== 'wrong') return [`it is ${loaded.kind}`];
  return loaded.problems.map((problem) => {
    const file = problem.file === first ? '' : `${problem.file}:`;
    return `${file}${problem.line}:${problem.column} ${describeProblem(problem)}`;
  });
}
