import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Not among the other tests, since they need servers that are not npm's. One file at a time: each has a server, and large archives. The limits are for what hangs.
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    globalSetup: './vitest.temporary.ts',
    include: ['dist-check/conformance/test/*.conf.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
