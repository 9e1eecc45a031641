// `node dist-check/live/cli.ts FOLDER`, the last job of live-check.yml: compares GitHub with our simulator and our
// launcher, and writes the page of differences to FOLDER. Fails if a difference matters.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '@runner-actions/testing';
import { renderPage } from './difference.ts';
import { launchJobs } from './launch-jobs.ts';
import { checkLive, type LiveRun } from './live-check.ts';
import { simulatedFleet, simulatedTokens } from './simulated-github.ts';

/** Reads what live-check.yml and the runner say about the run. */
function readRun(env: NodeJS.ProcessEnv): LiveRun {
  const [owner = '', name = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  const attempt = Number(env['GITHUB_RUN_ATTEMPT']);
  return {
    api: {
      url: env['GITHUB_API_URL'] ?? '',
      tokens: { job: env['JOB_TOKEN'] ?? '', runner: env['RUNNER_TOKEN'] ?? '', wrong: 'no-such-token' },
    },
    subject: {
      ...{ owner, name, runId: env['GITHUB_RUN_ID'] ?? '', attempt },
      ...{ branch: env['GITHUB_REF_NAME'] ?? '', actor: env['GITHUB_ACTOR'] ?? '' },
    },
    ownerKind: env['OWNER_TYPE'] === 'User' ? 'user' : 'organization',
    outputs: (JSON.parse(env['OUTPUTS'] ?? '{}') ?? {}) as Record<string, string>,
    large: env['LARGE'] ?? '',
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the page.');
const run = readRun(process.env);
const simulator = await startSimulator(simulatedFleet(run.ownerKind));
const expected = await launchJobs(simulator, (process.env['MACHINES'] ?? 'hosted').split(' '));
const ours = { url: simulator.url, tokens: simulatedTokens };
const { differences, compared } = await checkLive(run, ours, expected);
await simulator.stop();
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'differences.json'), `${JSON.stringify(differences, undefined, 2)}\n`);
writeFileSync(join(folder, 'differences.md'), renderPage(differences, compared));
const mattering = differences.filter(({ weight }) => weight === 'matters').length;
console.log(`${compared} Differences that matter: ${mattering}.`);
if (mattering > 0) process.exitCode = 1;
