import { checkExchange, type Fleet } from '@runner-actions/testing';
import { type Question, questionsAbout, type Subject } from './api-questions.ts';
import { type Api, ask, type Answer, readJobs } from './ask.ts';
import { compareAnswers } from './compare-api.ts';
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
  /** What became of the large output. */
  large: string;
}

/**
 * Compares a run on GitHub with what we expect.
 * @param simulator answers the same questions as GitHub
 * @param expected what our launcher made of the same jobs
 * @returns the differences, and what was compared
 */
export async function checkLive(
  run: LiveRun,
  simulator: Api,
  expected: readonly SeenJob[],
): Promise<{ differences: Difference[]; compared: string }> {
  const answers = await compareApis(run, simulator);
  const jobs = [...expected, ...statedJobs];
  const differences = compareJobs(await seenJobs(run), jobs);
  return {
    differences: [...answers.differences, ...differences, largeOutput(run.large)],
    compared: `${answers.questions} questions to the API and ${jobs.length} jobs were compared.`,
  };
}

/** Asks GitHub and the simulator the same questions, and compares the answers. */
async function compareApis(
  { api, subject, ownerKind }: LiveRun,
  simulator: Api,
): Promise<{ differences: Difference[]; questions: number }> {
  const listed = api.tokens.runner !== '';
  const [real, simulated] = [subject, simulatedSubject].map((one) =>
    questionsAbout(one, listed).filter(
      ({ path }) => ownerKind === 'organization' || !path.startsWith('/orgs/'),
    ),
  ) as [Question[], Question[]];
  const differences: Difference[] = [];
  for (const [index, question] of simulated.entries()) {
    const asked = real[index] as Question;
    const answer = await ask(api, asked).catch((error: Error) => error.message);
    if (typeof answer === 'string') {
      const row = { where: `API: ${asked.what}`, what: 'answer', expected: 'an answer', seen: answer };
      differences.push({ weight: 'matters', ...row });
    } else {
      const contract = contractProblems(asked, answer);
      differences.push(...(await compareAnswers(question, answer, await ask(simulator, question), contract)));
    }
  }
  return { differences, questions: simulated.length };
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

/** Reads the jobs of the run. The API does not show outputs, so they come from the run itself. */
async function seenJobs({ api, subject, outputs }: LiveRun): Promise<SeenJob[]> {
  const jobs = await readJobs(api, subject);
  return jobs.map((job) => (job.name === 'Outputs' ? { ...job, outputs } : job));
}
