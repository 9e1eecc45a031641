// Servers that run until the end of a test. Only tests can import them, since they register with vitest.
export { type Seen, serve } from './lying-server.ts';
export { isInstalled, needs, startServer } from './prometheus-programs.ts';
