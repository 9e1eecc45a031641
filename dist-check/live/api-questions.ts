// The requests to GitHub's API that our actions send, and the code of ours that reads the answers.
import {
  allPages,
  attemptJobs,
  fetchRun,
  fileContents,
  type GitHub,
  isUserOwned,
  organizationRunners,
  repositoryRunners,
  runPage,
  runsOfWorkflow,
  userPermission,
  visibleRunnerGroups,
  workflowRuns,
} from '@runner-actions/github';

/** What the questions are about. */
export interface Subject {
  owner: string;
  name: string;
  runId: string;
  attempt: number;
  branch: string;
  actor: string;
}

export interface Question {
  what: string;
  path: string;
  /** `job`: the token of the job. `runner`: the one that may list runners. `wrong`: a token that does not exist. */
  token: 'job' | 'runner' | 'wrong';
  /** Sends the request a second time, with the ETag of the first answer. */
  again?: true;
  /** Reads the answer as our code does. */
  read?: (github: GitHub) => Promise<unknown>;
}

/** The headers that our code reads, without `retry-after`: no question meets a rate limit. */
export const headersRead = [
  ...['date', 'etag', 'x-accepted-github-permissions', 'x-ratelimit-remaining', 'x-ratelimit-reset'],
];

/** Returns the questions. */
export function questionsAbout(subject: Subject): Question[] {
  return [...runQuestions(subject), ...otherQuestions(subject), ...runnerQuestions(subject)];
}

function runQuestions(subject: Subject): Question[] {
  const { owner, name, branch, runId, attempt } = subject;
  const actions = `/repos/${owner}/${name}/actions`;
  const ask = (what: string, path: string, read: NonNullable<Question['read']>): Question => ({
    ...{ what, path: `${actions}${path}`, token: 'job', read },
  });
  const all = (github: GitHub) => allPages(workflowRuns(github, subject));
  return [
    ask('runs', '/runs?per_page=5', all),
    ask('runs with a status', '/runs?status=in_progress&per_page=5', all),
    ask('runs of a branch', `/runs?branch=${encodeURIComponent(branch)}&per_page=5`, all),
    ask('runs of an event', '/runs?event=workflow_dispatch&per_page=5', all),
    ask(
      'runs since a time',
      `/runs?created=${encodeURIComponent('>=2020-01-01T00:00:00Z')}&per_page=5`,
      (github) => runPage(github, subject, {}),
    ),
    ask('runs of a workflow', '/workflows/live-check.yml/runs?per_page=5', (github) =>
      allPages(runsOfWorkflow(github, subject, 'live-check.yml')),
    ),
    ask('a run', `/runs/${runId}`, (github) => fetchRun(github, subject, Number(runId))),
    ask('jobs of an attempt', `/runs/${runId}/attempts/${attempt}/jobs?per_page=100`, (github) =>
      allPages(attemptJobs(github, subject, { id: runId, attempt })),
    ),
  ];
}

function otherQuestions(subject: Subject): Question[] {
  const { owner, name, actor } = subject;
  const repository = `/repos/${owner}/${name}`;
  const file = (path: string) => (github: GitHub) => fileContents(github, subject, path);
  return [
    {
      what: 'the repository',
      path: repository,
      token: 'job',
      read: (github) => isUserOwned(github, subject),
    },
    { what: 'a repository, not modified', path: repository, token: 'job', again: true },
    { what: 'a file', path: `${repository}/contents/package.json`, token: 'job', read: file('package.json') },
    { what: 'a folder', path: `${repository}/contents/docs`, token: 'job', read: file('docs') },
    { what: 'a file that does not exist', path: `${repository}/contents/no-such-file`, token: 'job' },
    {
      ...{ what: 'the permission of a user', path: `${repository}/collaborators/${actor}/permission` },
      ...{ token: 'job', read: (github: GitHub) => userPermission(github, subject, actor) },
    },
    { what: 'runners, not permitted', path: `${repository}/actions/runners`, token: 'job' },
    { what: 'a wrong token', path: repository, token: 'wrong' },
  ];
}

function runnerQuestions(subject: Subject): Question[] {
  const { owner, name } = subject;
  return [
    {
      ...{ what: 'runners of the repository', path: `/repos/${owner}/${name}/actions/runners?per_page=100` },
      ...{ token: 'runner', read: (github) => allPages(repositoryRunners(github, subject)) },
    },
    {
      ...{ what: 'runners of the organization', path: `/orgs/${owner}/actions/runners?per_page=100` },
      ...{ token: 'runner', read: (github) => allPages(organizationRunners(github, owner)) },
    },
    {
      what: 'runner groups',
      path: `/orgs/${owner}/actions/runner-groups?visible_to_repository=${name}&per_page=100`,
      ...{ token: 'runner', read: (github) => allPages(visibleRunnerGroups(github, subject)) },
    },
  ];
}
