import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@runner-actions/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareJobs, type SeenJob } from '../../live/compare-jobs.ts';
import type { Difference } from '../../live/difference.ts';
import { launchJobs } from '../../live/launch-jobs.ts';
import { checkLive } from '../../live/live-check.ts';
import { checkReport } from '../../live/probe/results.ts';
import { simulatedFleet, simulatedTokens } from '../../live/simulated-github.ts';
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
  const run = await standIn([...ours, ...statedJobs], lie);
  const { differences } = await checkLive(run, { url: simulator.url, tokens: simulatedTokens }, ours);
  return textsOf(differences);
}

/** Returns the differences that matter if GitHub does something else in a job. */
function lied(name: string, change: (job: SeenJob) => Partial<SeenJob>): string[] {
  const github = ours.map((job) => (job.name === name ? { ...job, ...change(job) } : job));
  return textsOf(compareJobs(github, ours));
}

function textsOf(differences: readonly Difference[]): string[] {
  const found = differences.filter(({ weight }) => weight === 'matters');
  return found.map(({ where, what, expected, seen }) => `${where}, ${what}: ${expected} -> ${seen}`);
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
    const run = await standIn([...ours, ...statedJobs], (path, text) => {
      asked.push(path);
      return text;
    });
    const tokens = { ...run.api.tokens, runner: '' };
    const api = { url: simulator.url, tokens: simulatedTokens };
    await checkLive({ ...run, ownerKind: 'user', api: { ...run.api, tokens } }, api, ours);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((path) => /^\/orgs|runners\?/.test(path))).toEqual([]);
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
