// Runs one job in the place of a runner's worker, which is the parent of this process: `node job-in-runner.ts OUT STEP`.
// The job measures itself, runs STEP, a script for bash, and copies its series to the file OUT.
import { join } from 'node:path';
import { launchJob } from '@runner-actions/testing';

const [, , out = '', script = ''] = process.argv;
const action = join(import.meta.dirname, '..');
const copy = 'cp "$RUNNER_TEMP"/runner-actions/job-metrics/*/series.jsonl "$OUT"';
const job = await launchJob({
  steps: [
    { action, with: { interval: '500ms', charts: 'none' } },
    { run: ['bash', '-c', script] },
    { run: ['bash', '-c', `sleep 0.6; ${copy}`] },
  ],
  env: { OUT: out, PATH: process.env['PATH'] ?? '' },
});
process.exitCode = job.conclusion === 'success' ? 0 : 1;
if (job.conclusion !== 'success') console.error(JSON.stringify(job, null, 2));
