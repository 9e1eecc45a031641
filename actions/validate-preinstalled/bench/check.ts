// `npm run bench`, or `node actions/validate-preinstalled/bench/check.ts`: measures a check of 50 requirements on this
// machine, and the same check with a known fingerprint.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';

const action = resolve(import.meta.dirname, '..');
const rounds = 7;
const amount = 50;

/**
 * Tools that most machines have and that print their version quickly. The measured ratio is therefore on the low side.
 */
const candidates =
  'node git bash tar gzip xz curl perl make gcc g++ ssh sed awk grep find diff patch openssl unzip zip jq rsync cmake cp ls sort wc head tail';

/** Builds a manifest from the tools that this machine has. The other requirements are packages and one file. */
async function buildManifest(): Promise<string> {
  const names = candidates.split(' ');
  const candidateTools = `version: 1\ntools: { ${names.map((name) => `${name}: latest`).join(', ')} }\n`;
  const { outputs } = await run(candidateTools, '');
  const { results } = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
    results: { name: string; status: string }[];
  };
  const tools = results.filter(({ status }) => status === 'pass').map(({ name }) => `  ${name}: latest`);
  const listed = spawnSync('dpkg-query', ['-W', '-f=${Package}\\n'], { encoding: 'utf8' });
  const packages = [...new Set((listed.stdout ?? '').split('\n').filter((line) => line !== ''))];
  const wanted = packages.slice(0, amount - 1 - tools.length);
  return [
    `version: 1\ntools:\n${tools.join('\n')}\n`,
    wanted.length === 0 ? '' : `packages: [{ apt: [${wanted.map((name) => `'${name}'`).join(', ')}] }]\n`,
    `files: [{ path: '${process.execPath}' }]\n`,
  ].join('');
}

async function run(manifest: string, known: string) {
  const given = { manifest, 'known-fingerprint': known, 'on-failure': 'warn' };
  const [step] = (await launchJob({ steps: [{ action, with: given }] })).steps;
  if (step === undefined) throw new Error('no step ran');
  return step;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const manifest = await buildManifest();
const first = await run(manifest, '');
if (first.outputs['status'] !== 'pass')
  throw new Error(`this machine does not meet the manifest: ${first.outputs['missing']}`);
const times: Record<'full' | 'known' | 'start', number[]> = { full: [], known: [], start: [] };
// Take turns, so that other load on the machine affects all three alike.
for (let round = 0; round < rounds; round += 1) {
  times.full.push((await run(manifest, '')).milliseconds);
  const again = await run(manifest, first.outputs['fingerprint'] ?? '');
  if (!/nothing changed/.test(again.stdout))
    throw new Error(`the fingerprint was not accepted: ${again.stdout}`);
  times.known.push(again.milliseconds);
  times.start.push((await run('version: 1\nsystem: { memory: 1MiB }\n', '')).milliseconds);
}
const [full, known, start] = [times.full, times.known, times.start].map(median) as [number, number, number];
const kept = /nothing changed for (\d+)/.exec(
  (await run(manifest, first.outputs['fingerprint'] ?? '')).stdout,
)?.[1];
console.log(`Node ${process.version}, ${rounds} rounds, median, the whole action with Node's start-up`);
console.log(`1 requirement without a probe          ${start.toFixed(0)} ms`);
console.log(`${first.outputs['passed']} requirements, all checked           ${full.toFixed(0)} ms`);
console.log(`the same, ${kept} of them not checked again ${known.toFixed(0)} ms`);
const apart = (full - start) / (known - start);
console.log(`ratio ${(full / known).toFixed(1)}; without the start-up of the action ${apart.toFixed(1)}`);
