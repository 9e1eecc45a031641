import { run } from '@runner-actions/core';

await run({ main: () => import('./main.ts') }, { main: 65 * 60_000 });
