// `npm run test:conformance`: tests the cache action against real servers. The other tests use our own fake servers.
// In CI, all must run. Elsewhere, the script reports which servers it skipped and why.
import { join } from 'node:path';
import { findAct, run, type Tool } from '../tools.ts';
import { installAzurite, installVersitygw } from './install-servers.ts';

const servers: { file: string; variable: string; install: () => Tool }[] = [
  { file: 'azurite', variable: 'CONFORMANCE_AZURITE', install: installAzurite },
  { file: 'versitygw', variable: 'CONFORMANCE_VERSITYGW', install: installVersitygw },
  { file: 'act', variable: 'RUNNER_ACTIONS_ACT', install: findAct },
];

const requested = process.argv.slice(2);
const isCi = process.env['CI'] === 'true';
const [major] = process.versions.node.split('.');
const env: Record<string, string> = {};
const files: string[] = [];

for (const name of requested.filter((one) => servers.every(({ file }) => file !== one))) {
  console.log(
    `${name}: FAILED: there is no such server; choose from ${servers.map(({ file }) => file).join(', ')}.`,
  );
  process.exitCode = 1;
}
for (const { file, variable, install } of servers) {
  if (requested.length > 0 && !requested.includes(file)) continue;
  const tool = install();
  if ('missing' in tool) {
    console.log(`${file}: ${isCi ? 'FAILED' : 'skipped'}: ${tool.missing}.`);
    if (isCi) process.exitCode = 1;
  } else {
    env[variable] = tool.path;
    files.push(`/${file}.conf.test.ts`);
  }
}

if (process.platform === 'win32' || Number(major) < 24) {
  console.log(
    'FAILED: this needs Linux or macOS, and Node 24. Start it with `npm run test:conformance`, which uses Node 24.',
  );
  process.exitCode = 1;
} else if (files.length > 0) {
  const config = join(import.meta.dirname, 'vitest.config.ts');
  if (!run('vitest', ['run', '--config', config, ...files], env)) process.exitCode = 1;
}
