import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

/** Whether the linter complains of a pattern in this file. */
async function isRefused(file: string, pattern: string): Promise<boolean> {
  const text = `export const pattern = ${pattern};\n`;
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  return result?.errorCount !== 0;
}

const shipped = 'actions/select-runner/src/x.ts';

describe('patterns in shipped code', () => {
  it.each([
    ['a listing', String.raw`/<Contents>(.*?)<\/Contents>/gs`],
    ['blanks in a range', String.raw`/(>=|<)?\s*(\d+)/g`],
    ["a tool's output", String.raw`/(\d+\.\d+\.\d+\S*) \[[^\n]*\s*$/`],
    ['a look-ahead', String.raw`/Ver (\d+(?:\.\d+)+[\w.]*)(?!.*Distrib)/`],
    ['one that is put together', "new RegExp(['a*', 'a*b'].join(''))"],
  ])('are refused where they may take long: %s', async (_, pattern) => {
    expect(await isRefused(shipped, pattern)).toBe(true);
  });

  it('are taken where they are linear', async () => {
    expect(await isRefused(shipped, String.raw`/^\d+\.\d+$/`)).toBe(false);
  });
});
