import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyFile } from '../fuzz/inputs.ts';
import { checkConfig, describeProblem } from '../src/index.ts';

it('reports the problems of any file and never throws', async () => {
  const good = [
    'version: 1\npools:\n  a: { runs-on: [x, y], min-free: 2 }\n',
    'extends: [./a.yml, o/r:p@v1]\ncache: { max-size: 20% }\n',
  ];
  await fc.assert(
    fc.asyncProperty(anyFile(good), async (text) => {
      const files = { read: () => Promise.resolve({ kind: 'text' as const, text }) };
      const loaded = await checkConfig(files, { repository: undefined, ref: undefined, path: 'a.yml' });
      expect(['read', 'wrong']).toContain(loaded.kind);
      if (loaded.kind !== 'wrong') return;
      expect(loaded.problems.length).toBeGreaterThan(0);
      for (const problem of loaded.problems) {
        expect(problem.line).toBeGreaterThan(0);
        expect(problem.column).toBeGreaterThan(0);
        expect(describeProblem(problem)).toMatch(/expected .+\.|Did you mean/);
      }
    }),
    { numRuns: 300 },
  );
});
