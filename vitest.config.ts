import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const folders = ['{actions,packages}/*/test/**', 'dist-check/test/**'];
const named = (ending: string) => folders.map((folder) => `${folder}/*.${ending}`);

// The limits are for what hangs: on a machine that others keep busy all takes ten times as long.
const limits = (milliseconds: number) => ({
  testTimeout: milliseconds,
  hookTimeout: milliseconds,
  expect: { poll: { timeout: 20_000 } },
});

export default defineConfig({
  test: {
    globalSetup: './vitest.temporary.ts',
    // Most tests wait for processes: with one worker a core, a third of the time nothing would run.
    maxWorkers: 2 * availableParallelism(),
    // Of shipped sources. Bundles have no source maps, so what a test reaches through one is not counted.
    coverage: {
      include: ['{actions,packages}/*/src/**'],
      exclude: ['packages/testing/**'],
      reporter: ['text-summary'],
      reportsDirectory: 'node_modules/.cache/coverage',
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: named('test.ts'),
          exclude: ['**/*.{itg,slow}.test.ts', '**/node_modules/**'],
          // Pure tests share nothing that one could spoil for the next: a worker for each file would take twice as long.
          isolate: false,
          ...limits(60_000),
        },
      },
      { test: { name: 'integration', include: named('itg.test.ts'), ...limits(240_000) } },
      // What takes long and seldom fails alone: `npm run test:all`, as CI does.
      { test: { name: 'slow', include: named('slow.test.ts'), ...limits(600_000) } },
    ],
  },
});
