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
  steps?: { name: string; number: number; conclusion: string | null }[];
}

/** Reads the finished jobs of a run, with their steps and the records in their logs. @throws Error if it cannot */
export async function readJobs(api: Api, { owner, name, runId, attempt }: Subject): Promise<SeenJob[]> {
  const actions = `/repos/${owner}/${name}/actions`;
  const { status, body } = await send(
    api,
    `${actions}/runs/${runId}/attempts/${attempt}/jobs?per_page=100`,
    'job',
  );
  const { jobs } = (body ?? {}) as { jobs?: ApiJob[] };
  if (jobs === undefined) throw new Error(`GitHub does not list the jobs of this run: status ${status}.`);
  const done = jobs.filter((job) => job.status === 'completed');
  return Promise.all(
    done.map(async (job) => {
      const log = await send(api, `${actions}/jobs/${job.id}/logs`, 'job');
      const steps = (job.steps ?? []).toSorted((one, other) => one.number - other.number);
      return {
        name: job.name,
        steps: steps.map((step) => ({ name: step.name, conclusion: step.conclusion ?? '' })),
        ...(log.status === 200 ? { records: recordsIn(log.text) } : { noLog: log.status }),
      };
    }),
  );
}
