import { matrixKey } from './placement.ts';
import { ownReference } from './references.ts';
import { type Job, record, type Workflow } from './workflow.ts';

interface Limit {
  /** Whether a job uses what act cannot show. */
  applies: (job: Job, text: string, workflow: Workflow) => boolean;
  says: string;
}

function callsOwn({ uses }: Job): boolean {
  return typeof uses === 'string' && ownReference(uses) !== undefined;
}

function usesAction({ steps }: Job, pattern: RegExp): boolean {
  return (Array.isArray(steps) ? steps : []).some(
    ({ uses }) => typeof uses === 'string' && pattern.test(uses),
  );
}

const limits: Limit[] = [
  {
    applies: (job, _, { permissions }) =>
      callsOwn(job) || job.permissions !== undefined || permissions !== undefined,
    says: 'permissions: act enforces none. All jobs share one token with the widest permissions that a job grants',
  },
  {
    applies: (job, _, { permissions }) => (job.permissions ?? permissions) === undefined,
    says: 'permissions: the job names none, so the settings of the repository decide. Here the token may read',
  },
  {
    applies: (job, _, workflow) =>
      job['concurrency'] !== undefined || record(workflow.document.value)['concurrency'] !== undefined,
    says: 'concurrency: no other run waits or is cancelled',
  },
  {
    applies: (job) => job['environment'] !== undefined,
    says: 'environment: no approval, no wait, and no secrets and variables of the environment',
  },
  { applies: (_, text) => /id-token/.test(text), says: 'id-token: act issues no OIDC token' },
  {
    applies: (job) =>
      /\/hybrid-matrix\.yml@/.test(String(job.uses)) ||
      ['max-parallel', 'fail-fast'].some((key) => String(record(job.strategy)[key] ?? '').includes('${{')),
    says: 'strategy: act does not read fail-fast and max-parallel if they are expressions',
  },
  {
    applies: (job) => /\bmatrix\b/.test(JSON.stringify(job['runs-on'] ?? '')) && matrixKey(job) === undefined,
    says: 'runs-on: act evaluates it once for all cells of a matrix. A cell can be placed like another one',
  },
  {
    applies: ({ 'runs-on': runsOn }) => record(runsOn)['group'] !== undefined,
    says: 'runs-on: the group of runners is ignored; only labels count',
  },
  {
    applies: ({ services }) => services !== undefined,
    says: 'services: none is started for a job outside of a container',
  },
  {
    applies: (job) => job['timeout-minutes'] !== undefined,
    says: 'timeout-minutes: act limits steps, not jobs',
  },
  {
    applies: (_, text) => /\bjob\.(?:workflow_|check_run_id)/.test(text),
    says: 'job.workflow_ref and the like: empty here',
  },
  { applies: (_, text) => /\brunner\.environment\b/.test(text), says: 'runner.environment: empty here' },
  {
    applies: ({ outputs }, _, { text }) => outputs !== undefined && /\bsecrets\./.test(text),
    says: 'outputs: GitHub drops an output that contains a secret; act passes it on',
  },
  {
    applies: (job) =>
      /\/hybrid-(?:job|matrix)\.yml@/.test(String(job.uses)) ||
      usesAction(job, /runner-actions\/restore-local-cache|actions\/cache/),
    says: 'cache: it is empty at the start, and has no scopes for branches',
  },
  {
    applies: (job) => usesAction(job, /actions\/checkout/),
    says: 'checkout: the repository has one commit, with your changes; no history, tags, submodules or LFS files',
  },
  {
    applies: (_, text) => /github\.run_(?:id|number|attempt)/.test(text),
    says: 'github.run_id, run_number and run_attempt: always 1',
  },
];

const filters = ['branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore', 'types'];

/** Returns what act cannot show of jobs, one sentence each, with the jobs. Only what these jobs use is named. */
export function notShownOf(workflow: Workflow, ids: readonly string[]): string[] {
  return limits.flatMap(({ applies, says }) => {
    const jobs = ids.filter((id) => {
      const job = workflow.jobs[id] ?? {};
      return applies(job, JSON.stringify(job), workflow);
    });
    return jobs.length === 0
      ? []
      : [`${says} (${jobs.length === ids.length ? 'all jobs' : jobs.join(', ')})`];
  });
}

/** Returns what act cannot show of the trigger of a workflow. */
export function notShownOfEvent({ events }: Workflow, event: string): string[] {
  const used = filters.filter((name) => record(events[event])[name] !== undefined);
  return used.length === 0 ? [] : [`on.${event}: the filters ${used.join(', ')} are not applied`];
}
