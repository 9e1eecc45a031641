import { run } from '@runner-actions/core';

void run({ main: () => import('./main.ts') }, { main: 65 * 60_000 });
