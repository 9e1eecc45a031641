import { run } from '@runner-actions/core';

void run({ main: () => import('./main.ts') }, { main: 60 * 60_000 });
