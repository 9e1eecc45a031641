import { run } from '@runner-actions/core';

void run({ main: () => import('./main.ts'), post: () => import('./post.ts') });
