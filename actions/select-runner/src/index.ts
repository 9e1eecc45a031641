import { run } from '@runner-actions/core';

await run({ main: () => import('./main.ts') }, { main: 5 * 60_000 });
