import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const folders = ['{actions,packages}/*/test/**', 'dist-check/test/**'];
const named = (ending: string) => folders.map((folder) => `${folder}/*.${ending}`);

// These limits only catch tests that hang. On a busy machine, a test can take ten times as long as usual.
const limits = (milliseconds: number) => ({
  testTimeout: milliseconds,
  hookTimeout: milliseconds,
  expect: { poll: { timeout: 20_000 } },
});

export default defineConfig({
  test: {
    globalSetup: './vitest.temporary.ts',
    // Most tests wait for processes. With one worker per core, nothing would run for a third of the time.
    maxWorkers: 2 * availableParallelism(),
    // Coverage of shipped sources. Bundles have no source maps, so code that a test reaches through a bundle is not counted.
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
          exclude: ['**/*.{itg,slow,engine}.test.ts', '**/node_modules/**'],
          // Unit tests share no state, so they need no worker per file. With one, they would take twice as long.
          isolate: false,
          ...limits(60_000),
        },
      },
      { test: { name: 'integration', include: named('itg.test.ts'), ...limits(240_000) } },
      // Slow tests that rarely fail when the other tests pass. `npm run test:all` and CI run them.
      { test: { name: 'slow', include: named('slow.test.ts'), ...limits(600_000) } },
      // Tests with real container engines, for `npm run test:engines` only.
      { test: { name: 'engine', include: named('engine.test.ts'), ...limits(300_000) } },
    ],
  },
});
