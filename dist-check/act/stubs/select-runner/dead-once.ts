// A selector that dies while it looks for machines, and works where it only resolves the fallback.
import { createRequire } from 'node:module';

if (process.env['INPUT_JOBS'] !== '[]' && process.env['INPUT_DRY-RUN'] !== 'true')
  process.kill(process.pid, 'SIGKILL');
else createRequire(import.meta.url)('./real.js');
