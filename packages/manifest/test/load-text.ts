import { describeProblem } from '@runner-actions/config';
import { loadManifest, type Manifest } from '@runner-actions/manifest';

/**
 * Loads the manifest `main.yml`, or the first file, from texts by path.
 * @throws Error with `file:line:column: problem` per line if it has mistakes, or why it was not read
 */
export async function load(texts: string | Record<string, string>): Promise<Manifest> {
  const files = typeof texts === 'string' ? { 'main.yml': texts } : texts;
  const path = Object.keys(files)[0] ?? '';
  const loaded = await loadManifest(
    {
      read: async ({ path }) => {
        const text = files[path];
        return text === undefined
          ? { kind: 'missing', why: 'there is no such file' }
          : { kind: 'text', text };
      },
    },
    { repository: undefined, ref: undefined, path },
  );
  if (loaded.kind === 'read') return loaded.manifest;
  if (loaded.kind !== 'wrong') throw new Error(`${loaded.kind}: ${loaded.why}`);
  const lines = loaded.problems.map(
    (one) => `${one.file}:${one.line}:${one.column}: ${describeProblem(one)}`,
  );
  throw new Error(lines.join('\n'));
}
