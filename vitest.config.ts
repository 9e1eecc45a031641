import { defineConfig } from 'vitest/config';

// Unit tests are pure and quick; integration tests start built bundles and real processes. The limits are for what hangs: on
// a machine that others keep busy all takes ten times as long.
export default defineConfig({
  test: {
    globalSetup: './vitest.temporary.ts',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{actions,packages}/*/test/**/*.test.ts', 'dist-check/test/**/*.test.ts'],
          exclude: ['**/*.itg.test.ts', '**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{actions,packages}/*/test/**/*.itg.test.ts', 'dist-check/test/**/*.itg.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
