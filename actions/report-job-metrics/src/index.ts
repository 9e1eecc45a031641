import { run } from '@runner-actions/core';

void run(
  { main: () => import('./main.ts'), post: () => import('./post.ts') },
  { main: 60_000, post: 60_000 },
);
