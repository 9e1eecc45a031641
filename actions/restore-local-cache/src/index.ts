import { run } from '@runner-actions/core';

await run({ main: () => import('./main.ts'), post: () => import('./post.ts') });
