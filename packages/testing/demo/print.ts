import type { JobResult, StepResult } from '../src/index.ts';
import { postNames, stepNames } from './hybrid-job.ts';

const marks: Record<StepResult['outcome'], string> = {
  success: '✓',
  failure: '✗',
  cancelled: '⊘',
  skipped: '–',
};

/** Prints a job to the terminal: one line per step, its annotations, and the output of failed steps. */
export function printJob(title: string, job: JobResult): void {
  console.log(`\n${title}`);
  for (const [index, step] of job.steps.entries()) printStep(stepNames[index] ?? 'step', step);
  for (const post of job.posts) printStep(`post ${nameOfPost(job, post)}`, post);
}

/** Returns the name of a post. An action that was skipped has no post. */
function nameOfPost(job: JobResult, post: StepResult): string {
  const withPost = postNames.filter((name) => {
    const index = stepNames.indexOf(name);
    return job.steps[index]?.outcome !== 'skipped';
  });
  return withPost[job.posts.indexOf(post)] ?? '';
}

function printStep(name: string, step: StepResult): void {
  const time = step.outcome === 'skipped' ? 'not run' : `${Math.round(step.milliseconds)} ms`;
  console.log(`  ${marks[step.outcome]} ${name.padEnd(30)} ${time.padStart(9)}  ${headline(step)}`);
  for (const { level, message } of step.annotations) {
    console.log(`      ${level}: ${message.split('\n', 1)[0]}`);
  }
  if (step.outcome === 'failure') console.log(indent(`${step.stdout}${step.stderr}`));
}

function headline(step: StepResult): string {
  const shown = [
    'runs-on',
    'reason',
    'status',
    'cache-source',
    'cache-hit',
    'restore-milliseconds',
    'size-bytes',
  ];
  return shown
    .flatMap((name) => (step.outputs[name] === undefined ? [] : [`${name}=${step.outputs[name]}`]))
    .join(' ');
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .slice(-20)
    .map((line) => `      | ${line}`)
    .join('\n');
}

/** Returns the summaries of a job's steps as Markdown, in the order in which GitHub shows them. */
export function summaryOf(title: string, job: JobResult): string {
  const parts = [...job.steps, ...job.posts]
    .map(({ summary }) => summary.trim())
    .filter((summary) => summary !== '');
  return `## ${title}\n\n${parts.join('\n\n')}\n`;
}
