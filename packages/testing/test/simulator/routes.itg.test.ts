import { afterEach, describe, expect, it } from 'vitest';
import { assertContract, type Simulator } from '../../src/simulator/index.ts';
import { exampleFleet, read, send, simulate } from './fixture.ts';

const actions = '/repos/octo/app/actions';
let simulator: Simulator;

afterEach(() => assertContract(simulator));

describe('runners and groups', () => {
  const names = async (path: string, key: string) => {
    const found = await read<Record<string, { name: string }[]>>(simulator, path);
    return found[key]?.map(({ name }) => name);
  };

  it('finds a runner by its name', async () => {
    simulator = await simulate();
    expect(await names('/orgs/octo/actions/runners?name=pool-2', 'runners')).toEqual(['pool-2']);
    expect(await names(`${actions}/runners?name=pool-2`, 'runners')).toEqual([]);
  });

  it('lists the groups that a repository may use', async () => {
    simulator = await simulate();
    const visible = (name: string) =>
      names(`/orgs/octo/actions/runner-groups?visible_to_repository=${name}`, 'runner_groups');
    expect(await visible('app')).toEqual(['Default', 'from above']);
    // This repository is public. It may use only groups that allow public repositories.
    expect(await visible('site')).toEqual(['chosen']);
    expect(await visible('none')).toEqual([]);
  });

  it('lists the runners and repositories of a group, with the enterprise’s runners in an inherited group', async () => {
    simulator = await simulate();
    const groups = '/orgs/octo/actions/runner-groups';
    expect(await names(`${groups}/1/runners`, 'runners')).toEqual(['pool-1', 'pool-3']);
    expect(await names(`${groups}/3/runners`, 'runners')).toEqual(['shared']);
    expect(await names(`${groups}/2/repositories`, 'repositories')).toEqual(['site']);
  });

  it('lists the groups of an enterprise with ids of their own, and their runners', async () => {
    simulator = await simulate();
    const groups = '/enterprises/acme/actions/runner-groups';
    expect(await names(`${groups}?visible_to_organization=octo`, 'runner_groups')).toEqual(['from above']);
    expect(await names(`${groups}?visible_to_organization=other`, 'runner_groups')).toEqual([]);
    expect(await names(`${groups}/70/runners`, 'runners')).toEqual(['shared']);
  });
});

describe('runs', () => {
  it.each([
    ['', [11, 10]],
    ['?status=completed', [10]],
    ['?status=failure', [10]],
    ['?event=pull_request', [11]],
    ['?branch=other', []],
    ['?actor=OctoCat', [11, 10]],
    ['?created=%3E%3D2026-03-02T11:00:00Z', [11]],
    ['?created=2026-03-02T09:00:00Z..2026-03-02T10:30:00Z', [10]],
    ['?created=2026-03-02', [11, 10]],
    ['?created=%3C2026-03-02', []],
  ])('are filtered by %s', async (query, ids) => {
    simulator = await simulate();
    const { workflow_runs: runs } = await read<{ workflow_runs: { id: number }[] }>(
      simulator,
      `${actions}/runs${query}`,
    );
    expect(runs.map(({ id }) => id)).toEqual(ids);
  });

  it('are listed by descending id if they have the same time', async () => {
    const runs = [5, 7, 6].map((id) => ({ id, status: 'queued', created_at: '2026-03-02T10:00:00Z' }));
    simulator = await simulate(exampleFleet({ runs }));
    const list = await read<{ workflow_runs: { id: number }[] }>(simulator, `${actions}/runs`);
    expect(list.workflow_runs.map(({ id }) => id)).toEqual([7, 6, 5]);
  });

  it('are a 404 if they belong to another repository or an unknown workflow', async () => {
    simulator = await simulate();
    expect((await send(simulator, '/repos/octo/site/actions/runs/10')).status).toBe(404);
    expect((await send(simulator, `${actions}/workflows/none.yml/runs`)).status).toBe(404);
  });
});

describe('re-runs', () => {
  interface Jobs {
    jobs: { name: string; status: string; runner_id: number | null; run_attempt: number }[];
  }

  it('queue the failed jobs again and copy the others', async () => {
    simulator = await simulate();
    const sent = await send(simulator, `${actions}/runs/10/rerun-failed-jobs`, { method: 'POST' });
    expect(sent.status).toBe(201);
    expect(await read(simulator, `${actions}/runs/10`)).toMatchObject({ run_attempt: 2, status: 'queued' });
    const { jobs } = await read<Jobs>(simulator, `${actions}/runs/10/jobs`);
    expect(jobs).toMatchObject([
      { name: 'test', status: 'queued', runner_id: null, run_attempt: 2 },
      { name: 'lint', status: 'completed', runner_id: 0, run_attempt: 2 },
    ]);
    expect((await read<Jobs>(simulator, `${actions}/runs/10/jobs?filter=all`)).jobs).toHaveLength(4);
    expect((await read<Jobs>(simulator, `${actions}/runs/10/attempts/1/jobs`)).jobs).toHaveLength(2);
    expect((await send(simulator, `${actions}/runs/10/attempts/3/jobs`)).status).toBe(404);
  });

  it('queue only the selected job if one job is re-run', async () => {
    simulator = await simulate();
    await send(simulator, `${actions}/jobs/101/rerun`, { method: 'POST' });
    const { jobs } = await read<Jobs>(simulator, `${actions}/runs/10/jobs`);
    expect(jobs.map(({ status }) => status)).toEqual(['completed', 'queued']);
  });

  it('are a 403 if no job has failed', async () => {
    const jobs = exampleFleet().jobs!.map((job) => ({ ...job, conclusion: 'success' }));
    simulator = await simulate(exampleFleet({ jobs }));
    const sent = await send(simulator, `${actions}/runs/10/rerun-failed-jobs`, { method: 'POST' });
    expect(sent.status).toBe(403);
  });

  it('are possible after a cancellation', async () => {
    simulator = await simulate();
    expect((await send(simulator, `${actions}/runs/11/cancel`, { method: 'POST' })).status).toBe(202);
    const { jobs } = await read<Jobs>(simulator, `${actions}/runs/11/jobs`);
    expect(jobs).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }]);
    expect((await send(simulator, `${actions}/runs/11/rerun`, { method: 'POST' })).status).toBe(201);
  });
});

describe('contents', () => {
  it('are returned as JSON or raw, as the client requests', async () => {
    simulator = await simulate();
    const path = '/repos/octo/app/contents/docs%2Fa.md';
    const file = await read<{ content: string; sha: string }>(simulator, path);
    expect(Buffer.from(file.content, 'base64').toString()).toBe('hello\n');
    expect(file.sha).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
    const raw = await send(simulator, path, { headers: { accept: 'application/vnd.github.raw+json' } });
    expect(await raw.text()).toBe('hello\n');
  });

  it('are read from the requested ref', async () => {
    simulator = await simulate();
    const status = async (path: string) =>
      (await send(simulator, `/repos/octo/site/contents/${path}`)).status;
    expect(await status('a%20b.md?ref=v1')).toBe(200);
    expect(await status('a%20b.md')).toBe(404);
    expect(await status('a%20b.md?ref=v2')).toBe(404);
  });

  it('list the entries of a folder', async () => {
    simulator = await simulate();
    const folder = await read<{ name: string; type: string }[]>(simulator, '/repos/octo/app/contents/');
    expect(folder).toMatchObject([{ name: 'docs', type: 'dir', download_url: null }]);
  });
});

describe('the permission of a user', () => {
  it.each([
    ['app', 'ADA', { permission: 'write', role_name: 'maintain', user: { login: 'ada', id: 7 } }],
    ['app', 'tim', { permission: 'read', role_name: 'triage', user: { permissions: { push: false } } }],
    ['app', 'stranger', { permission: 'none', user: { login: 'stranger' } }],
    ['site', 'stranger', { permission: 'read', role_name: 'read' }],
  ])('in the repository %s for %s is %j', async (repository, login, expected) => {
    simulator = await simulate();
    const path = `/repos/octo/${repository}/collaborators/${login}/permission`;
    expect(await read(simulator, path, { token: 'admin-token' })).toMatchObject(expected);
  });
});
