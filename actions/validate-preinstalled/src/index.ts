import { run } from '@runner-actions/core';

void run({ main: () => import('./main.ts') }, { main: 10 * 60_000 });
