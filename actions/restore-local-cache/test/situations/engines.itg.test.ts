import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, cache, entryOf, filled, job, keysIn, runner, show } from './stage.ts';

/** What Gitea's runner sets on a host. Source: a run of act_runner with gitea/act 0.261.8. */
const gitea = {
  GITEA_ACTIONS: 'true',
  GITHUB_STATE: 'statecmd.txt',
  GITHUB_SERVER_URL: 'https://git.example',
  RUNNER_OS: 'linux',
  RUNNER_ARCH: 'amd64',
};

const unknown = 'nothing saved (this runner does not tell the action how the job ended';

describe('on Gitea', () => {
  it('does not believe that the job succeeded: the post has the status of the start', async () => {
    const directory = runner();
    const { post } = await job([cache(), build], { directory, env: gitea, jobStatus: 'success' });
    expect(post).toContain(unknown);
    expect(keysIn(directory)).toEqual([]);
  });

  it('believes that the job failed', async () => {
    const { post } = await job([cache(), build], { env: gitea, jobStatus: 'failure' });
    expect(post).toContain("nothing saved (the job ended with 'failure')");
  });

  it('saves what is asked for', async () => {
    const directory = await filled({ save: 'always' }, { env: gitea });
    expect(keysIn(directory)).toEqual(['k-1']);
    const steps = [build, cache({ key: 'k-2' }, 'save')];
    await job(steps, { directory, env: gitea });
    expect(keysIn(directory).sort()).toEqual(['k-1', 'k-2']);
  });

  it('gives the copy of a job that may have failed to no other job', async () => {
    const directory = await filled({ save: 'always' }, { env: gitea });
    const { post } = await job([cache(), show], { directory, env: gitea });
    expect(post).toContain('the copy of this job was dropped: it is unknown how the job ended');
    const copies = join(entryOf(directory), 'copies');
    expect(existsSync(copies) ? readdirSync(copies) : []).toEqual([]);
  });

  it('finds an entry under both spellings of the system', async () => {
    const directory = await filled({ save: 'always' }, { env: gitea });
    const env = { ...gitea, RUNNER_OS: 'Linux', RUNNER_ARCH: 'X64' };
    const next = await job([cache()], { directory, env });
    expect(next.cache['cache-hit']).toBe('true');
  });
});

it.each([
  ['github.com', {}],
  ['an Enterprise Server', { GITHUB_SERVER_URL: 'https://ghe.example' }],
])('believes on %s that the job succeeded, whatever variables the workflow sets', async (_where, server) => {
  const directory = await filled(
    {},
    { env: { ...server, GITEA_ACTIONS: 'true', GITEA_STATE: '/tmp/state' } },
  );
  expect(keysIn(directory)).toEqual(['k-1']);
});
