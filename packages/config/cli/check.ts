// `npm run config:check -- PATH…` is `runner-actions config check PATH…` in a clone.
import { runCommand } from '@runner-actions/core';

void runCommand(() => import('../src/check-command.ts'), process.argv.slice(2));
