import { run } from '@runner-actions/core';

await run({
  main: () => import('./main.ts'),
  post: () => import('./post.ts'),
  restore: () => import('./restore.ts'),
  save: () => import('./save.ts'),
  store: () => import('./store.ts'),
});
