import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// A separate configuration, because these tests need servers that npm does not install. The files run one after the
// other, because each starts a server and transfers large archives. The timeouts only catch tests that hang.
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
