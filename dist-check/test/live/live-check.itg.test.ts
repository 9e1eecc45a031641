import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@runner-actions/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headersRead, questionsAbout } from '../../live/api-questions.ts';
import { ask } from '../../live/ask.ts';
import { keysRead } from '../../live/compare-api.ts';
import { compareJobs, type SeenJob } from '../../live/compare-jobs.ts';
import type { Difference } from '../../live/difference.ts';
import { launchJobs } from '../../live/launch-jobs.ts';
import { checkLive, type LiveRun } from '../../live/live-check.ts';
import { checkReport } from '../../live/probe/results.ts';
import { simulatedFleet, simulatedSubject, simulatedTokens } from '../../live/simulated-github.ts';
import { statedJobs } from '../../live/stated.ts';
import { type Lie, standIn } from './stand-in.ts';

let simulator: Simulator;
let ours: SeenJob[];

beforeAll(async () => {
  simulator = await startSimulator(simulatedFleet('organization'));
  ours = await launchJobs(simulator, ['own']);
});
afterAll(() => simulator.stop());

/** Returns the differences that matter on a stand-in for GitHub in which our jobs ran. */
async function mattering(lie?: Lie): Promise<string[]> {
  return textsOf((await check({}, lie)).differences);
}

/** Checks a stand-in for GitHub in which our jobs ran. @param change to the tokens */
async function check(change: Partial<typeof simulatedTokens>, lie?: Lie, more: Partial<LiveRun> = {}) {
  const run = await standIn([...ours, ...statedJobs], lie);
  const api = { ...run.api, tokens: { ...run.api.tokens, ...change } };
  return checkLive({ ...run, api, ...more }, { url: simulator.url, tokens: simulatedTokens }, ours);
}

/** Returns the differences that matter if GitHub does something else in a job. */
function lied(name: string, change: (job: SeenJob) => Partial<SeenJob>): string[] {
  const github = ours.map((job) => (job.name === name ? { ...job, ...change(job) } : job));
  return textsOf(compareJobs(github, ours));
}

function textsOf(differences: readonly Difference[]): string[] {
  const found = differences.filter(({ weight }) => weight === 'matters');
  return found.map(textOf);
}

function textOf({ where, what, expected, seen }: Difference): string {
  return `${where}, ${what}: ${expected} -> ${seen}`;
}

/** Changes the JSON of the answers whose path matches. */
function answers(match: RegExp, change: (text: string) => string): Lie {
  return (path, text) => (match.test(path) ? change(text) : text);
}

describe('the jobs of the check', () => {
  it('succeed in the launcher with every action, and show what they are for', () => {
    const facts = Object.fromEntries(
      ours.flatMap(({ name, records = [] }) => records.map((one) => [`${name}, ${one.experiment}`, one])),
    );
    expect(ours[0]?.outputs).toEqual({
      ...{ plain: 'kept', lines: 'one\ntwo', 'mixed-case': 'kept', 'other-case': 'kept' },
      'like-a-secret': 'Authorization: Bearer live-check-0123456789',
    });
    expect(facts['Failing, first post']).toMatchObject({ status: 'failure', state: 'first' });
    // Inputs are evaluated again for the post.
    expect(facts['Machine own, outer post']).toMatchObject({ value: 'later', left: 'actions' });
    expect(facts['Machine own, inner main']?.['names']).toContain('ACTIONS_RUNTIME_TOKEN');
    expect(facts['Machine own, script']?.['script-names']).not.toContain('ACTIONS_RUNTIME_TOKEN');
    const results = Object.entries(facts).filter(([key]) => key.startsWith('Machine own, result of'));
    expect(results).toHaveLength(6);
    for (const [key, record] of results)
      expect([key, record]).toMatchObject([key, { outcome: 'success', report: 'valid' }]);
    expect(facts["Cache own, hits of our action and of GitHub's main"]).toMatchObject({
      value: 'true from github, true',
    });
  });
});

describe('the live check', () => {
  it('finds nothing that matters on a GitHub that does what we expect', async () => {
    expect(await mattering()).toEqual([]);
  });

  it('reports a key that our code reads and that is missing', async () => {
    const lie = answers(/\/jobs\?/, (text) => text.replaceAll('"runner_id"', '"runner"'));
    expect(await mattering(lie)).toEqual([
      'API: jobs of an attempt, jobs[].runner_id: null or number -> missing',
    ]);
  });

  it('reports a key that has another type', async () => {
    const lie = answers(/\/orgs\/octo\/actions\/runners/, (text) =>
      text.replaceAll('"busy":false', '"busy":"no"'),
    );
    expect(await mattering(lie)).toEqual([
      'API: runners of the organization, type of runners[].busy: boolean -> string',
    ]);
  });

  it('asks for lists of the organization only if one owns the repository, and for runners only with a token', async () => {
    const asked: string[] = [];
    const listen: Lie = (path, text) => {
      asked.push(path);
      return text;
    };
    const { differences, compared } = await check({ runner: '' }, listen, { ownerKind: 'user' });
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((path) => /^\/orgs|runners\?/.test(path))).toEqual([]);
    // The page says what was not asked.
    expect(
      differences.filter(({ weight, seen }) => weight === 'open' && seen.startsWith('not asked')).map(textOf),
    ).toEqual([
      'API: runners of the repository, answer: an answer -> not asked: there is no secret LIVE_RUNNER_TOKEN',
      'API: runners of the organization, answer: an answer -> not asked: a user owns the repository',
      'API: runner groups, answer: an answer -> not asked: a user owns the repository',
    ]);
    expect(compared).toBe('Compared: 16 of 19 answers of the API, 5 of 5 jobs, 5 of 5 logs.');
  });

  it('writes a page, and says that nothing was compared, if GitHub gives no list of jobs', async () => {
    const noList = 'status 200, no list of jobs';
    const cases = { '<html>': noList, '{"jobs":{}}': noList, null: noList, '{"jobs":[null]}': 'TypeError' };
    for (const [answer, seen] of Object.entries(cases)) {
      const { differences, compared } = await check(
        {},
        answers(/per_page=100$/, () => answer),
      );
      expect(textsOf(differences)).toContain(`Jobs, list: readable -> ${seen}`);
      // Four answers are not what they must be, if they are no objects.
      const count = answer.startsWith('{') ? 19 : 15;
      expect(compared).toBe(`Compared: ${count} of 19 answers of the API, 0 of 5 jobs, 0 of 5 logs.`);
    }
  });

  it('shows no text of a token that cannot be sent', async () => {
    const result = JSON.stringify(await check({ runner: 'github_pat_one\ntwo' }));
    expect(result).toContain('TypeError');
    expect(result).not.toContain('github_pat');
  });

  it('has a simulator with an item in each list that our code reads, and with each header', async () => {
    const headers = new Set<string>();
    for (const question of questionsAbout(simulatedSubject)) {
      const answer = await ask({ url: simulator.url, tokens: simulatedTokens }, question);
      for (const name of Object.keys(answer.headers)) headers.add(name);
      const keys = [...(await keysRead(question, answer.body))];
      const lists = Object.entries(answer.body ?? {}).filter(([, value]) => Array.isArray(value));
      if (keys.includes('total_count')) expect([question.what, ...keys]).toContain(`${lists[0]?.[0]}[]`);
    }
    expect([...headers]).toEqual(expect.arrayContaining(headersRead));
  });

  it('reports outputs that are not dropped', () => {
    const more = { secret: 'with live-check-secret in it', 'from-post': 'kept' };
    expect(lied('Outputs', ({ outputs }) => ({ outputs: { ...outputs, ...more } }))).toEqual([
      'Outputs, output from-post: dropped -> "kept"',
      'Outputs, output secret: dropped -> "with live-check-secret in it"',
    ]);
  });

  it('reports posts that run in another order', () => {
    const found = lied('Failing', ({ steps, records = [] }) => ({
      steps: [...steps.slice(0, 4), ...steps.slice(4).toReversed()],
      records: [...records.slice(0, 2), ...records.slice(2).toReversed()],
    }));
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /^Failing, order of the steps: .*Post First probe: success, Post Second probe: success$/,
    );
    expect(found[1]).toMatch(/^Failing, order of main and post: .* -> .*first post, second post$/);
  });

  it('reports inputs that are not evaluated again, and a miss of the cache', () => {
    const set = (experiment: string, value: string) => (job: SeenJob) => ({
      records: (job.records ?? []).map((one) => (one.experiment === experiment ? { ...one, value } : one)),
    });
    expect(lied('Machine own', set('outer post', ''))).toEqual(['Machine own: outer post, value: later -> ']);
    const hits = "hits of our action and of GitHub's main";
    expect(lied('Cache own', set(hits, 'true from github, '))).toEqual([
      `Cache own: ${hits}, value: true from github, true -> true from github, `,
    ]);
  });
});

describe('the report of an action', () => {
  it('is checked against its schema, if there is one', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'live-')), 'report.json');
    const check = (text: string): string => {
      writeFileSync(path, text);
      return checkReport('select-runner', path);
    };
    expect(check('{')).toBe('not JSON');
    expect(check('[1]')).not.toBe('valid');
    expect(check('{"decision":"run"}')).toContain("must have required property 'pools'");
    expect([checkReport('select-runner', ''), checkReport('select-runner', `${path}.no`)]).toEqual([
      'no output report',
      'no file',
    ]);
  });
});
