import { describe, expect, it } from 'vitest';
import { fleet, runner, select } from '../run-select-runner.ts';

const gitea = {
  GITEA_ACTIONS: 'true',
  GITHUB_STATE: 'statecmd.txt',
  GITHUB_SERVER_URL: 'https://git.example',
};
const fallback = '["self-hosted","small"]';
const notices = ({ annotations }: Awaited<ReturnType<typeof select>>) =>
  annotations.filter(({ level }) => level === 'notice').map(({ message }) => message);

describe('on Gitea', () => {
  it('says once that a selection may move no job, and still decides', async () => {
    const answer = await select({ env: gitea, with: { fallback } });
    expect(notices(answer)).toEqual([
      expect.stringMatching(/^This job runs on Gitea\. .* so that a selection moves no job/),
    ]);
    expect(answer.outputs).toMatchObject({ decision: 'run', reason: 'idle', 'is-self-hosted': 'true' });
  });

  it('does not send a job to a label that would be hosted on GitHub', async () => {
    const answer = await select({ env: gitea });
    expect(answer.exitCode).toBe(1);
    expect(answer.outputs['decision']).toBe('fail');
  });
});

it.each([
  ['github.com', {}],
  ['github.com with a variable of the workflow', { GITEA_ACTIONS: 'true' }],
  [
    'an Enterprise Server with a variable of the workflow',
    { GITHUB_SERVER_URL: 'https://ghe.example', GITEA_ACTIONS: 'true' },
  ],
  ['an Enterprise Server', { GITHUB_SERVER_URL: 'https://ghe.example' }],
])('has no notice on %s', async (_where, env) => {
  const answer = await select({ fleet: fleet({ runners: [runner(1)] }), env, with: { fallback } });
  expect(notices(answer)).toEqual([]);
  expect(answer.outputs['reason']).toBe('idle');
});
