import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

/** Returns whether the linter reports a pattern in this file. */
async function isRejected(file: string, pattern: string): Promise<boolean> {
  const text = `export const pattern = ${pattern};\n`;
  const [result] = await eslint.lintText(text, { filePath: join(root, file) });
  return result?.errorCount !== 0;
}

const shipped = 'actions/select-runner/src/x.ts';

describe('regular expressions in shipped code', () => {
  it.each([
    ['a listing in XML', String.raw`/<Contents>(.*?)<\/Contents>/gs`],
    ['spaces in a version range', String.raw`/(>=|<)?\s*(\d+)/g`],
    ["a tool's output", String.raw`/(\d+\.\d+\.\d+\S*) \[[^\n]*\s*$/`],
    ['a look-ahead', String.raw`/Ver (\d+(?:\.\d+)+[\w.]*)(?!.*Distrib)/`],
    ['a pattern that is built at run time', "new RegExp(['a*', 'a*b'].join(''))"],
  ])('are rejected if they can take more than linear time: %s', async (_, pattern) => {
    expect(await isRejected(shipped, pattern)).toBe(true);
  });

  it('are accepted if they take linear time', async () => {
    expect(await isRejected(shipped, String.raw`/^\d+\.\d+$/`)).toBe(false);
  });
});
