import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { root } from '../../actions.ts';
import { assembleMirrors } from '../../release/assemble.ts';
import { ownName } from '../../release/pages.ts';
import { callingWorkflow, oneRunner } from '../fixtures.ts';
import { failedSteps, outputsOf } from '../results.ts';
import { type Outcome, runAct, type Scenario } from '../run-act.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => {
  const bed = createTestBed();
  const out = join(bed.folder, 'mirrors');
  const mirrors = Object.keys(assembleMirrors(root, out, { repository: ownName, ref: 'v1' }));
  const folders = mirrors.map((name) => [`${name}@v1`, join(out, name.split('/')[1] ?? '')] as const);
  testBed = { ...bed, repositories: () => ({ ...bed.repositories(), ...Object.fromEntries(folders) }) };
});
afterAll(() => testBed.close());

type Step = Record<string, unknown>;

const files = {
  'package-lock.json': '{}',
  '.github/runner-requirements.yml': 'version: 1\ntools: { git: "*" }\n',
};

/** Returns the usual steps of a job. @param nameOf returns what the workflow writes in `uses` for an action */
function singleSteps(nameOf: (action: string) => string): Step[] {
  const checkout = Object.keys(testBed.repositories()).find((name) => name.startsWith('actions/checkout@'));
  return [
    { name: 'Clean up', uses: nameOf('cleanup-workspace') },
    { name: 'Measure', uses: nameOf('report-job-metrics') },
    { name: 'Check out', uses: checkout },
    { name: 'Validate', id: 'validation', uses: nameOf('validate-preinstalled') },
    {
      name: 'Restore the cache',
      id: 'cache',
      uses: nameOf('restore-local-cache'),
      with: { path: 'modules', key: 'npm' },
    },
  ];
}

const setUp = (inputs: Record<string, string> = {}): Step => ({
  name: 'Set up',
  id: 'set-up',
  uses: `${ownName}@v1`,
  with: { path: 'modules', key: 'npm', 'key-files': 'package-lock.json', ...inputs },
});

/**
 * Returns a workflow with two jobs of the same steps, one after the other. Each job records what the steps before its
 * command did, as `validation/cache/workspace`, and then fills the cached folder.
 *
 * @param ids of the steps with the outputs of the validation and of the cache
 */
function workflow(steps: Step[], [validation, cache]: [string, string]): string {
  const command = (name: string): Step => ({
    name: 'Work',
    run: `echo "$OK/$HIT/$(cat package-lock.json)$(ls modules)" > "$EFFECT/${name}"; mkdir -p modules; touch modules/built litter`,
    env: { OK: `\${{ steps.${validation}.outputs.ok }}`, HIT: `\${{ steps.${cache}.outputs.cache-hit }}` },
  });
  const job = (name: string, more: object = {}): object => ({
    'runs-on': 'self-hosted',
    permissions: { actions: 'read', contents: 'read' },
    steps: [...steps, command(name)],
    ...more,
  });
  const jobs = { first: job('first'), second: job('second', { needs: 'first' }) };
  return stringify({ on: 'push', permissions: {}, jobs });
}

function run(text: string, more: Partial<Scenario> = {}): Promise<Outcome> {
  const store = join(testBed.folder, `store-${Math.random()}`);
  const env = { RUNNER_ACTIONS_CACHE: store };
  return runAct(testBed, { workflow: text, files, machines: ['self-hosted', 'selector'], env, ...more });
}

/** Returns the steps of a job in the order in which they started, such as `Main Validate`, without those around it. */
function stepsOf(log: string, job: string): string[] {
  const steps = [...log.matchAll(/^\[ci\.yml\/(.*?) *\] ⭐ Run ((?:Main|Post) .*)$/gm)];
  return steps.filter(([, name]) => name === job).map(([, , step = '']) => step);
}

const inOrder = [
  ...['Main Clean up', 'Main Measure', 'Main Check out', 'Main Validate', 'Main Restore the cache'],
  'Main Work',
  ...['Post Restore the cache', 'Post Measure', 'Post Clean up'],
];

/** Asserts what both jobs of `workflow` did. */
function expectBothJobs({ log, effects, status }: Outcome): void {
  expect(effects, log).toEqual({ first: 'true//{}', second: 'true/true/{}built' });
  for (const job of ['first', 'second'])
    expect(stepsOf(log, job).filter((step) => !step.endsWith('Set up'))).toEqual(inOrder);
  // The summaries of the post steps.
  expect(log.match(/Summary - Cache: saved `npm/g)).toHaveLength(1);
  expect(log.match(/Summary - ### Job metrics/g)).toHaveLength(2);
  expect(log.match(/move +"litter"/g)).toHaveLength(2);
  expect(status).toBe(0);
}

describe('a consumer', () => {
  it.each([
    ['short name', (action: string) => `${ownName}/${action}@v1`],
    ['mirror', (action: string) => `org/${action}@v1`],
  ])('gets every action by its %s', async (_what, nameOf) => {
    expectBothJobs(await run(workflow(singleSteps(nameOf), ['validation', 'cache'])));
  });

  it('gets the same from the root action in one step', async () => {
    const outcome = await run(workflow([setUp()], ['set-up', 'set-up']));
    expectBothJobs(outcome);
    expect(stepsOf(outcome.log, 'first')[0]).toBe('Main Set up');
    expect(outcome.log).toMatch(/Cache: saved `npm-[0-9a-f]{64}`/);
  });

  it('gets the same from the reusable workflow', async () => {
    const inputs = {
      labels: 'self-hosted, linux',
      'select-on': 'selector',
      'cache-paths': 'modules',
      'cache-key-files': 'package-lock.json',
      command:
        'mkdir -p modules && touch modules/built litter && echo "lock=$(cat package-lock.json)" >> "$HYBRID_OUTPUT"',
    };
    const { log, effects } = await run(callingWorkflow('hybrid-job.yml', inputs), {
      fleet: oneRunner({ status: 'online' }),
      secrets: { RUNNER_TOKEN: 'organization-token' },
    });
    const outputs = outputsOf('hybrid-job.yml', effects);
    expect(outputs, log).toMatchObject({ reason: 'idle', result: '{"lock":"{}"}' });
    const [, job = ''] = /^\[(.*?)\] ⭐ Run Main Run the command$/m.exec(log) ?? [];
    const steps = stepsOf(log.replaceAll(`[${job}]`, '[ci.yml/job]'), 'job');
    expect(steps.filter((step) => inOrder.includes(step))).toEqual(
      inOrder.filter((step) => step !== 'Main Work'),
    );
    expect(log).toMatch(/Summary - Cache: saved `Linux-/);
    expect(log).toMatch(/move +"litter"/);
  });
});

describe('the root action', () => {
  it('passes a secret on to the post step of the cache', async () => {
    const shared = join(testBed.folder, 'shared');
    mkdirSync(shared);
    const secret = { shared, 'shared-key': '${{ secrets.KEY }}' };
    const restore = {
      id: 'restored',
      uses: `${ownName}/restore-local-cache/restore@v1`,
      with: { path: 'modules', key: 'key', ...secret },
    };
    const steps = [
      setUp({ key: 'key', 'key-files': '', ...secret }),
      { run: 'mkdir modules && touch modules/built' },
    ];
    const record =
      'ls modules > "$EFFECT/restored"; echo "${{ steps.restored.outputs.cache-source }}" >> "$EFFECT/restored"';
    const other = { env: { RUNNER_ACTIONS_CACHE: join(testBed.folder, 'other-machine') }, needs: 'saves' };
    const jobs = {
      saves: { 'runs-on': 'self-hosted', steps },
      restores: { 'runs-on': 'self-hosted', steps: [restore, { run: record }], ...other },
    };
    const { log, effects } = await run(stringify({ on: 'push', jobs }), {
      secrets: { KEY: 'a secret that proves packs' },
    });
    // With a key, an entry that was saved without it is a miss.
    expect(effects['restored'], log).toBe('built\nshared');
  });

  it('does not save the cache of a job that fails, and still reports and cleans up', async () => {
    const text = workflow([setUp(), { name: 'Break', run: 'touch litter; exit 1' }], ['set-up', 'set-up']);
    const { log, status } = await run(text);
    expect([status, failedSteps(log)]).toEqual([1, ['Break']]);
    expect(log).not.toContain('Cache: saved');
    expect(log).toContain('Summary - ### Job metrics');
    expect(log).toMatch(/move +"litter"/);
  });

  it('restores no cache on a machine that fails the validation, and cleans up', async () => {
    const manifest = 'version: 1\nfiles: [{ path: /nowhere/model.bin }]\n';
    const text = workflow([setUp({ manifest })], ['set-up', 'set-up']);
    const { log, status, effects } = await run(text);
    expect([status, effects]).toEqual([1, {}]);
    expect(stepsOf(log, 'first')).toEqual([
      'Main Set up',
      ...inOrder.slice(0, 4),
      ...['Post Set up', 'Post Measure', 'Post Clean up'],
    ]);
  });

  // What the step says is tested without act, which can cut it off: see failedSteps.
  it('refuses a wrong input before any other step', async () => {
    const wrong = { 'clean-up': 'no', metrics: 'o\n::warning::f f', checkout: 'FALSE', key: '' };
    const { log, status, effects } = await run(workflow([setUp(wrong)], ['set-up', 'set-up']));
    expect([status, effects]).toEqual([1, {}]);
    expect(stepsOf(log, 'first')).toEqual(['Main Set up', 'Main Wrong input', 'Post Set up']);
    expect(log).not.toMatch(/🚧  ::warning::f/);
  });

  it('does nothing that is turned off', async () => {
    const off = { 'clean-up': 'false', metrics: 'FALSE', checkout: 'false', validation: 'false', path: '' };
    const { log } = await run(workflow([setUp(off)], ['set-up', 'set-up']));
    expect(stepsOf(log, 'first')).toEqual(['Main Set up', 'Main Work', 'Post Set up']);
  });
});
