import type { Result } from '../results.ts';
import type { Done } from './carry-out-io.ts';

/** Marks what is still not met, though the command that should meet it had no problem. */
export function markUnusable(results: readonly Result[], done: readonly Done[]): Result[] {
  const installed = new Set(done.flatMap(({ act, problem }) => (problem === undefined ? act.meets : [])));
  return results.map((result) => {
    const { kind, name } = result.requirement;
    const key = kind === 'feature' ? name : `${kind} ${name}`;
    if (['pass', 'skip'].includes(result.status) || !installed.has(key)) return result;
    return { ...result, found: `installed but not usable: ${result.found}` };
  });
}
