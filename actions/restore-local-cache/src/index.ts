import { run } from '@runner-actions/core';

const phases = {
  main: () => import('./main.ts'),
  post: () => import('./post.ts'),
  restore: () => import('./restore.ts'),
  save: () => import('./save.ts'),
  store: () => import('./store.ts'),
};
void run(phases, {}, { store: () => import('./store-commands/command-line.ts') });
