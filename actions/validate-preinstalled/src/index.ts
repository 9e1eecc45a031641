import { run } from '@runner-actions/core';

await run({ main: () => import('./main.ts') }, { main: 10 * 60_000 });
