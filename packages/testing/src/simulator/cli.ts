import { parseArgs } from 'node:util';
import { loadFleet } from './load-fleet.ts';
import { startSimulator } from './server.ts';

const usage = 'usage: node packages/testing/src/simulator/cli.ts --fleet fleet.yml [--port N]\n';

/** Starts a simulator, prints its address, and serves until SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fleet: { type: 'string' }, port: { type: 'string' } } });
  if (values.fleet === undefined) throw new Error(usage);
  const simulator = await startSimulator(await loadFleet(values.fleet), { port: Number(values.port ?? 0) });
  process.stdout.write(`${simulator.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
