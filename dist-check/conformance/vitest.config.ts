import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Not among the other tests, since they need servers that are not npm's. One file at a time: each has a server, and large archives.
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    globalSetup: './vitest.temporary.ts',
    include: ['dist-check/conformance/test/*.conf.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
