// Runs a hybrid CI job from end to end on this machine, with the built bundles: see `npm run demo -- --help`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { JobResult } from '../src/index.ts';
import { startGitHub } from './github.ts';
import { type DemoContext, runBuild, selectRunner, stepNames } from './hybrid-job.ts';
import { parseOptions } from './options.ts';
import { renderPage } from './page.ts';
import { printJob, summaryOf } from './print.ts';
import { makeRepository } from './repository.ts';
import type { Scenario } from './scenarios.ts';
import { enterSmallDisk } from './small-disk.ts';

const options = parseOptions(process.argv.slice(2));
if (options.kind === 'run') {
  const built = ensureBuilt();
  process.exitCode = built === 0 ? await runScenario(options.scenario, resolve(options.out)) : built;
} else if (options.kind === 'help') {
  console.log(options.text);
} else {
  console.error(options.text);
  process.exitCode = 2;
}

/** Builds the bundles if they do not match their sources. @returns the exit code */
function ensureBuilt(): number {
  const script = join(import.meta.dirname, '../../../dist-check/ensure-built.ts');
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? 1;
}

async function runScenario(chosen: Scenario, out: string): Promise<number> {
  const disk = join(tmpdir(), 'runner-actions-demo-disk');
  const status = chosen.diskFull ? enterSmallDisk(disk) : undefined;
  if (status !== undefined) return status;
  const folder = mkdtempSync(join(tmpdir(), 'runner-actions-demo-'));
  const github = await startGitHub(chosen);
  try {
    const context: DemoContext = {
      scenario: chosen,
      github,
      repository: makeRepository(join(folder, 'repository')),
      runner: join(folder, 'runner'),
      cacheRoot: chosen.diskFull ? disk : join(folder, 'runner', 'cache'),
      env: registryAccess(),
    };
    return await runJobs(context, out);
  } finally {
    await github.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runJobs(context: DemoContext, out: string): Promise<number> {
  console.log(`Scenario: ${context.scenario.title}`);
  const selected = await selectRunner(context);
  const outputs = selected.steps[0]?.outputs ?? {};
  console.log(
    `\nselect-runner: ${selected.steps[0]?.stdout.match(/^(Runs on|Fails|Skips).*$/m)?.[0] ?? 'reported no decision'}`,
  );
  console.log(
    `  runs-on=${outputs['runs-on']} reason=${outputs['reason']} source=${outputs['source']} confidence=${outputs['confidence']}`,
  );
  const isSelfHosted = outputs['is-self-hosted'] === 'true';
  const where = isSelfHosted ? 'self-hosted runner' : 'hosted runner';
  const runs: [string, JobResult][] = [];
  for (const title of [
    `First run on a ${where}: cold`,
    `Second run on a ${where}${isSelfHosted ? ': warm' : ': a new machine'}`,
  ]) {
    const job = await runBuild(context, isSelfHosted);
    printJob(title, job);
    runs.push([title, job]);
  }
  const [cold, warm] = runs.map(([, job]) => installTime(job));
  console.log(
    `\nDependencies were installed after ${cold} ms in the first run, and after ${warm} ms in the second.`,
  );
  writeSummary(out, context, [['Select', selected], ...runs]);
  const wasFull = runs.every(([, job]) => job.posts.some(({ stdout }) => stdout.includes('ENOSPC')));
  if (context.scenario.diskFull && !wasFull)
    console.log('The cache disk did not get full, so the demo does not show this scenario.');
  const isShown = !context.scenario.diskFull || wasFull;
  return isShown && runs.every(([, job]) => job.conclusion === 'success') ? 0 : 1;
}

/** Returns the milliseconds for restore and install together, which is the time that a user waits. */
function installTime(job: JobResult): number {
  const steps = ['restore-local-cache', 'npm ci'].map(
    (name) => job.steps[stepNames.indexOf(name)]?.milliseconds ?? 0,
  );
  return Math.round(steps.reduce((sum, milliseconds) => sum + milliseconds, 0));
}

function writeSummary(out: string, context: DemoContext, jobs: [string, JobResult][]): void {
  const markdown = `# ${context.scenario.title}\n\n${jobs.map(([title, job]) => summaryOf(title, job)).join('\n')}`;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'summary.md'), markdown);
  writeFileSync(join(out, 'summary.html'), renderPage(context.scenario.title, markdown));
  console.log(
    `The job summary is in ${join(out, 'summary.md')} (Markdown) and ${join(out, 'summary.html')} (HTML).`,
  );
}

/** Returns variables for the user's npm registry and proxy. The runner's home folder is new and has no such settings. */
function registryAccess(): Record<string, string> {
  const names = [
    'npm_config_registry',
    'npm_config_fetch_retries',
    'NODE_EXTRA_CA_CERTS',
    'HTTPS_PROXY',
    'HTTP_PROXY',
    'NO_PROXY',
    'https_proxy',
    'http_proxy',
    'no_proxy',
  ];
  const variables = names.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return {
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
    ...Object.fromEntries(variables),
  };
}
