import { run } from '@runner-actions/core';

void run({ main: () => import('./main.ts') }, { main: 15 * 60_000 });
