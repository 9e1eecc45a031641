// Sends the questions to an API, and reads logs and steps of the jobs of a run.
import { recordsIn } from './record.ts';
import type { Question, Subject } from './api-questions.ts';
import type { SeenJob } from './compare-jobs.ts';

export interface Api {
  url: string;
  tokens: Record<Question['token'], string>;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** The text of the body. It stays in this process: only its shape is shown. */
  text: string;
  /** The parsed body; `undefined` if it is not JSON. */
  body: unknown;
}

/** Says why there is no answer. The message of an error stays here: it may quote a header, and so the token. */
export function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? `${name}, ${cause.code}` : name;
}

/** Sends a question. @throws Error if there is no answer in time */
export async function ask(api: Api, { path, token, again }: Question): Promise<Answer> {
  const first = await send(api, path, token);
  return again === true ? send(api, path, token, { 'if-none-match': first.headers['etag'] ?? '' }) : first;
}

async function send(
  { url, tokens }: Api,
  path: string,
  token: Question['token'],
  more: Record<string, string> = {},
): Promise<Answer> {
  const headers = { authorization: `token ${tokens[token]}`, 'user-agent': 'runner-actions', ...more };
  const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(response.headers), text, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface ApiJob {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  steps?: { name: string; number: number; conclusion: string | null }[];
}

/**
 * Reads the finished jobs of a run, with their steps and the records in their logs.
 * @returns the jobs, or what GitHub answered in place of a list
 * @throws Error if there is no answer in time, or if the list is not one of jobs
 */
export async function readJobs(
  api: Api,
  { owner, name, runId, attempt }: Subject,
): Promise<SeenJob[] | string> {
  const actions = `/repos/${owner}/${name}/actions`;
  const { status, body } = await send(
    api,
    `${actions}/runs/${runId}/attempts/${attempt}/jobs?per_page=100`,
    'job',
  );
  const { jobs } = (body ?? {}) as { jobs?: ApiJob[] };
  if (status !== 200 || !Array.isArray(jobs)) return `status ${status}, no list of jobs`;
  const done = jobs.filter((job) => job.status === 'completed');
  return Promise.all(
    done.map(async (job) => {
      const log = await send(api, `${actions}/jobs/${job.id}/logs`, 'job').catch(reasonOf);
      const steps = (job.steps ?? []).toSorted((one, other) => one.number - other.number);
      return {
        name: job.name,
        conclusion: job.conclusion ?? '',
        steps: steps.map((step) => ({ name: step.name, conclusion: step.conclusion ?? '' })),
        ...logOf(log),
      };
    }),
  );
}

function logOf(answer: Answer | string): Pick<SeenJob, 'records' | 'noLog'> {
  if (typeof answer === 'string') return { noLog: answer };
  return answer.status === 200 ? { records: recordsIn(answer.text) } : { noLog: `status ${answer.status}` };
}
