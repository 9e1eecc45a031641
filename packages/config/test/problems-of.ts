import { checkConfig, describeProblem, type Fetched, type Files } from '../src/index.ts';

/** Opens in-memory files by path; those of another repository as `owner/repo:path@ref`. */
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

/**
 * Returns the problems of the first file and all files that it extends, as `line:column sentence`, for other files
 * with their name.
 */
export async function problemsOf(texts: Record<string, string>): Promise<string[]> {
  const [first = ''] = Object.keys(texts);
  const loaded = await checkConfig(filesOf(texts), { repository: undefined, ref: undefined, path: first });
  if (loaded.kind !== 'wrong') return [`it is ${loaded.kind}`];
  return loaded.problems.map((problem) => {
    const file = problem.file === first ? '' : `${problem.file}:`;
    return `${file}${problem.line}:${problem.column} ${describeProblem(problem)}`;
  });
}
