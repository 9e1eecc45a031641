import { checkExchange, type Fleet } from '@runner-actions/testing';
import { type Question, questionsAbout, type Subject } from './api-questions.ts';
import { type Api, ask, type Answer, readJobs, reasonOf } from './ask.ts';
import { compareAnswers, obstacleTo } from './compare-api.ts';
import { compareJobs, type SeenJob } from './compare-jobs.ts';
import type { Difference } from './difference.ts';
import { simulatedSubject } from './simulated-github.ts';
import { largeOutput, statedJobs } from './stated.ts';

/** A run of live-check.yml, seen from its last job. */
export interface LiveRun {
  api: Api;
  subject: Subject;
  ownerKind: Fleet['owner']['kind'];
  /** The outputs of the job Outputs, as GitHub gave them to the last job. */
  outputs: Record<string, string>;
  /** What became of the large output: `dropped`, `cut` or `kept`. */
  large: string;
}

/**
 * Compares a run on GitHub with what we expect.
 * @param simulator answers the same questions as GitHub
 * @param expected what our launcher made of the same jobs
 * @returns the differences, and how much was compared
 */
export async function checkLive(
  run: LiveRun,
  simulator: Api,
  expected: readonly SeenJob[],
): Promise<{ differences: Difference[]; compared: string }> {
  const answers = await compareApis(run, simulator);
  const jobs = [...expected, ...statedJobs];
  const seen = await readJobs(run.api, run.subject).catch(reasonOf);
  const found = typeof seen === 'string' ? [] : seen.map((job) => withOutputs(job, run.outputs));
  const unread: Difference[] =
    typeof seen === 'string'
      ? [{ weight: 'matters', where: 'Jobs', what: 'list', expected: 'readable', seen }]
      : [];
  const done = jobs.flatMap(({ name }) => found.find((job) => job.name === name) ?? []);
  const logs = done.filter(({ records }) => records !== undefined);
  const large = found.find(({ name }) => name === 'Large output');
  return {
    differences: [
      ...[...answers.differences, ...unread, ...compareJobs(found, jobs)],
      largeOutput(run.large, large),
    ],
    compared:
      `Compared: ${answers.compared} of ${answers.questions} answers of the API, ` +
      `${done.length} of ${jobs.length} jobs, ${logs.length} of ${jobs.length} logs.`,
  };
}

/** The API does not show outputs, so they come from the run itself. */
function withOutputs(job: SeenJob, outputs: Record<string, string>): SeenJob {
  return job.name === 'Outputs' ? { ...job, outputs } : job;
}

/** Asks GitHub and the simulator the same questions, and compares the answers. */
async function compareApis(
  run: LiveRun,
  simulator: Api,
): Promise<{ differences: Difference[]; questions: number; compared: number }> {
  const [real, simulated] = [questionsAbout(run.subject), questionsAbout(simulatedSubject)];
  const differences: Difference[] = [];
  let compared = 0;
  for (const [index, question] of simulated.entries()) {
    const asked = real[index] as Question;
    const where = `API: ${asked.what}`;
    const silence = whyNotToAsk(asked, run);
    const answer = silence ?? (await ask(run.api, asked).catch(reasonOf));
    if (typeof answer === 'string') {
      const weight = silence === undefined ? 'matters' : 'open';
      differences.push({ weight, where, what: 'answer', expected: 'an answer', seen: answer });
      continue;
    }
    const ours = await ask(simulator, question);
    const obstacle = obstacleTo(asked, answer, ours);
    if (obstacle === undefined) compared += 1;
    differences.push(
      ...(obstacle === undefined
        ? await compareAnswers(question, answer, ours, contractProblems(asked, answer))
        : [obstacle]),
    );
  }
  return { differences, questions: simulated.length, compared };
}

function whyNotToAsk({ path, token }: Question, { api, ownerKind }: LiveRun): string | undefined {
  if (ownerKind === 'user' && path.startsWith('/orgs/')) return 'not asked: a user owns the repository';
  const isMissing = token === 'runner' && api.tokens.runner === '';
  return isMissing ? 'not asked: there is no secret LIVE_RUNNER_TOKEN' : undefined;
}

/** Returns what GitHub's own description says is wrong with an answer, without positions in lists. */
function contractProblems({ path }: Question, { status, headers, text }: Answer): string[] {
  const { pathname, searchParams } = new URL(path, 'https://api.github.com');
  const request = {
    method: 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: {},
    body: '',
  };
  const problems = checkExchange({ ...request, response: { status, headers, body: text } });
  return [...new Set(problems.map((problem) => problem.replace(/^[^:]*: /, '').replaceAll(/\/\d+/g, '/[]')))];
}
