// `npm run test:conformance`: the cache action against real servers, where the other tests have stand-ins of ours.
// In CI all must run; a contributor who cannot get one of the servers is told what was skipped.
import { join } from 'node:path';
import { findAct, run, type Tool } from '../tools.ts';
import { azurite, versitygw } from './tools.ts';

const servers: { file: string; variable: string; get: () => Tool }[] = [
  { file: 'azurite', variable: 'CONFORMANCE_AZURITE', get: azurite },
  { file: 'versitygw', variable: 'CONFORMANCE_VERSITYGW', get: versitygw },
  { file: 'act', variable: 'RUNNER_ACTIONS_ACT', get: findAct },
];

const wanted = process.argv.slice(2);
const isCi = process.env['CI'] === 'true';
const [major] = process.versions.node.split('.');
const env: Record<string, string> = {};
const files: string[] = [];

for (const name of wanted.filter((one) => servers.every(({ file }) => file !== one))) {
  console.log(`${name}: FAILED: there are ${servers.map(({ file }) => file).join(', ')}.`);
  process.exitCode = 1;
}
for (const { file, variable, get } of servers) {
  if (wanted.length > 0 && !wanted.includes(file)) continue;
  const tool = get();
  if ('missing' in tool) {
    console.log(`${file}: ${isCi ? 'FAILED' : 'skipped'}: ${tool.missing}.`);
    if (isCi) process.exitCode = 1;
  } else {
    env[variable] = tool.path;
    files.push(`/${file}.conf.test.ts`);
  }
}

if (process.platform === 'win32' || Number(major) < 24) {
  console.log('FAILED: the servers need Linux or macOS, and Node 24: npm run test:conformance.');
  process.exitCode = 1;
} else if (files.length > 0) {
  const config = join(import.meta.dirname, 'vitest.config.ts');
  if (!run('vitest', ['run', '--config', config, ...files], env)) process.exitCode = 1;
}
