import { expect, it } from 'vitest';
import { fleet, runRescue, stuck } from './run-rescue.ts';

const server = { GITHUB_SERVER_URL: 'https://git.example' };

it('leaves every run alone on Gitea, and says so', async () => {
  const env = { ...server, GITEA_ACTIONS: 'true', GITHUB_STATE: 'statecmd.txt' };
  const { outputs, annotations, requests, posts } = await runRescue(fleet([stuck(1)]), {}, undefined, env);
  expect(outputs).toMatchObject({ considered: '0', rescued: '0' });
  expect(annotations.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    expect.stringMatching(/^warning: Nothing was done: this action rescues runs of GitHub only/),
  ]);
  expect([requests, posts]).toEqual([[], []]);
});

it.each([
  ['', {}],
  [', whatever variables the workflow sets', { GITEA_ACTIONS: 'true', GITEA_STATE: '/tmp/state' }],
])('rescues on an Enterprise Server%s', async (_what, env) => {
  const { outputs } = await runRescue(fleet([stuck(1)]), {}, undefined, { ...server, ...env });
  expect(outputs['rescued']).toBe('1');
});
