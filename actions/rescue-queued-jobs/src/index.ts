import { run } from '@runner-actions/core';

await run({ main: () => import('./main.ts') }, { main: 15 * 60_000 });
