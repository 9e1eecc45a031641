import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// A separate configuration, because these tests need act. The files run one after the other, because each run of act
// starts several processes. The timeouts only catch tests that hang.
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
