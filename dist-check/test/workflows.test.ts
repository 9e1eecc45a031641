import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listActions, root } from '../actions.ts';
import { ownName } from '../release/pages.ts';
import { layersOf, placeholder, readTemplates } from '../release/workflows.ts';

interface Job {
  needs?: string | string[];
  if?: string;
  uses?: string;
  'runs-on'?: unknown;
  with?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
  'timeout-minutes'?: number | string;
  strategy?: { matrix?: { include?: { steps?: string }[] } };
  permissions?: Record<string, string>;
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
  on: { workflow_call?: { inputs?: object; secrets?: object } };
  permissions?: object;
  jobs: Record<string, Job>;
}

const folder = join(root, '.github/workflows');
const workflows = readdirSync(folder).map(
  (name) => [name, parse(readFileSync(join(folder, name), 'utf8')) as Workflow] as const,
);
const called = workflows.filter(([, { on }]) => on.workflow_call !== undefined);
const actions = new Map(listActions().map(({ name, metadata }) => [name, metadata]));

/**
 * Returns the path in this project that a reference names, such as `select-runner` or
 * `.github/workflows/hybrid-job.yml`.
 */
function own(uses = ''): string | undefined {
  return uses.startsWith(`${ownName}/`) ? uses.slice(ownName.length + 1).split('@')[0] : undefined;
}

/** Workflows that run a user's command, and the job that does so with the permissions of the caller. */
const commands: Record<string, string> = { 'hybrid-job.yml': 'run', 'hybrid-matrix.yml': 'cell' };

/** The action of the user's repository that hybrid-job.yml runs before the command. */
const setup = './.github/actions/hybrid-setup';

describe('workflows', () => {
  it.each(workflows)(
    '%s states the permissions of each job, except of the command, which gets those of the caller',
    (name, { jobs, permissions }) => {
      expect(permissions).toEqual(name in commands ? undefined : {});
      const silent = Object.keys(jobs).filter((job) => jobs[job]?.permissions === undefined);
      expect(silent).toEqual(name in commands ? [commands[name]] : []);
    },
  );

  it.each(workflows)(
    '%s pins every action by its commit, and sets a timeout for every job',
    (file, { jobs }) => {
      for (const { uses, steps = [], 'timeout-minutes': minutes } of Object.values(jobs)) {
        // GitHub allows no timeout on a job that calls a workflow: the called jobs have their own.
        if (uses === undefined) expect(minutes).toSatisfy(isBound);
        for (const name of [uses, ...steps.map((step) => step.uses)])
          if (name !== undefined && name !== setup && !isLocal(file, name))
            expect(name).toMatch(/@[0-9a-f]{40}$/);
      }
    },
  );

  const files = globSync('.github/{workflows,actions}/**/*.yml', { cwd: root });
  it.each(files)('%s names the version of every commit that it pins', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const pinned = text.split('\n').filter((line) => /\buses: (?!\.\/)/.test(line));
    for (const line of pinned) expect(line).toMatch(/@[0-9a-f]{40} # v\d+(?:\.\d+)*$|@0{40}(?: #.*)?$/);
  });

  it.each(called)('%s has no expressions in scripts, and does not inherit secrets', (_name, { jobs }) => {
    for (const { steps = [], secrets } of Object.values(jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
      expect(secrets).not.toBe('inherit');
    }
  });

  it.each(called)('%s starts no job whose runs-on reads an output that GitHub dropped', (_name, { jobs }) => {
    for (const { if: condition = '', 'runs-on': runsOn } of Object.values(jobs))
      for (const [, answer = ''] of JSON.stringify(runsOn ?? '').matchAll(/fromJSON\((needs\.[\w.-]+)\)/g))
        expect(condition).toContain(`${answer} != ''`);
  });

  it.each(called)('%s gives every fromJSON of an output a value for a missing output', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).not.toMatch(/fromJSON\((?:needs|jobs|steps)\.[\w.-]+\)/);
  });

  it.each(called)('%s accepts a label or any JSON in every input that says where to run', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, input = ''] of text.matchAll(/startsWith\((inputs\.(?:\w+-on|fallback)), '\['\)/g)) {
      const whole = ['[', '{', '"'].map((start) => `startsWith(${input}, '${start}')`).join(' || ');
      const partly = text.replaceAll(whole, '');
      expect(partly).not.toContain(`startsWith(${input}`);
    }
  });

  it.each(called)('%s passes only inputs that our actions and workflows declare', (_name, { jobs }) => {
    for (const { uses, with: given = {}, steps = [] } of Object.values(jobs)) {
      for (const step of steps) {
        const action = own(step.uses);
        if (action === undefined) continue;
        expect(step.uses).toContain(placeholder);
        expect(Object.keys(actions.get(action)?.inputs ?? {})).toEqual(
          expect.arrayContaining(Object.keys(step.with ?? {})),
        );
      }
      const workflow = called.find(([file]) => own(uses) === `.github/workflows/${file}`)?.[1];
      if (uses !== undefined)
        expect(Object.keys(workflow?.on.workflow_call?.inputs ?? {})).toEqual(
          expect.arrayContaining(Object.keys(given)),
        );
    }
  });

  it('has six reusable workflows and their live check. Only the rescue has write permissions, and who calls it', () => {
    const writers = called.filter(([, { jobs }]) =>
      Object.values(jobs).some(({ permissions }) => Object.values(permissions ?? {}).includes('write')),
    );
    expect(called.map(([name]) => name)).toEqual([
      'config-check.yml',
      'hybrid-job.yml',
      'hybrid-matrix.yml',
      'live-check-workflows.yml',
      'rescue-queued-jobs.yml',
      'runner-heartbeat.yml',
      'runner-preflight.yml',
    ]);
    expect(writers.map(([name]) => name)).toEqual(['live-check-workflows.yml', 'rescue-queued-jobs.yml']);
    expect(layersOf(readTemplates(root)).map((layer) => layer.length)).toEqual([5, 1, 1]);
  });

  it.each(Object.keys(commands))('%s requests no more than the two reads of a caller', (name) => {
    const jobs = Object.values(called.find(([file]) => file === name)?.[1].jobs ?? {});
    const requested = Object.assign({}, ...jobs.map(({ permissions }) => permissions)) as object;
    expect(requested).toEqual({ actions: 'read', contents: 'read' });
  });

  it('lists every job of ci.yml in the needs of its gate, which always runs', () => {
    const ci = workflows.find(([name]) => name === 'ci.yml')?.[1];
    const { gate, ...others } = ci?.jobs ?? {};
    expect([gate?.needs ?? []].flat().toSorted()).toEqual(Object.keys(others).sort());
    expect(gate?.if).toContain('always()');
  });

  it('runs every step of .ci/run in a job of ci.yml', () => {
    const jobs = Object.values(workflows.find(([name]) => name === 'ci.yml')?.[1].jobs ?? {});
    const matrix = jobs.flatMap(({ strategy }) => strategy?.matrix?.include ?? []);
    const called = jobs.flatMap(({ steps = [] }) => steps.map(({ run = '' }) => run));
    const named = called.flatMap((run) => /^bash \.ci\/run ([a-z -]+)/.exec(run)?.[1] ?? '');
    const started = [...named, ...matrix.map(({ steps = '' }) => steps)].join(' ').split(/\s+/);
    const [, all = ''] = /^all=\(([^)]+)\)$/m.exec(readFileSync(join(root, '.ci/run'), 'utf8')) ?? [];
    expect(new Set(started.filter((name) => name !== ''))).toEqual(new Set(all.split(' ')));
  });
});

/** Whether a step of the live check calls an action of the checkout. It runs the source, which is not released yet. */
function isLocal(file: string, uses: string): boolean {
  const path = uses.startsWith('./') ? join(root, uses, 'action.yml') : '';
  return file === 'live-check.yml' && path !== '' && existsSync(path);
}

function isBound(minutes: unknown): boolean {
  return typeof minutes === 'number' ? minutes > 0 : minutes === '${{ inputs.timeout-minutes }}';
}
