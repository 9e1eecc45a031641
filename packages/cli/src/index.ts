import { runCommand, runHook } from '@runner-actions/core';

/** Milliseconds after which a hook gives up. Its clean-up has a budget of its own, which is smaller. */
const hookLimit = 30 * 60_000;

// The scripts beside the bundle name the entry: `cli.js` and those in `hooks`.
const [entry, ...args] = process.argv.slice(2);
if (entry === 'job-started') void runHook(() => import('./job-started.ts'), hookLimit);
else if (entry === 'job-completed') void runHook(() => import('./job-completed.ts'), hookLimit);
else void runCommand(() => import('./cli.ts'), args);
