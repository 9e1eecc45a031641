import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Not among the other tests, since they need act. One file at a time: each run of act is several processes. The limits are for what hangs.
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    globalSetup: './vitest.temporary.ts',
    include: ['dist-check/act/test/*.act.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
