import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInputs, readJob, type Step, UserError } from '@runner-actions/core';
import { afterEach, describe, expect, it } from 'vitest';
import { phase, safeAnswer } from '../src/main.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';

/** Creates a checkout of the run's commit with a configuration. */
function checkout(config: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'safe-'));
  folders.push(folder);
  for (const name of ['.git', '.github']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, '.git', 'HEAD'), `${sha}\n`);
  writeFileSync(join(folder, '.github', 'runner-config.yml'), config);
  writeFileSync(join(folder, 'event.json'), '{"ref":"refs/heads/main"}');
  return folder;
}

interface Given {
  with: Record<string, string>;
  config?: string;
  env?: Record<string, string>;
  change?: Partial<Step>;
}

/** Runs the phase of a step without a deadline, so that every decision breaks, and then the safe answer. */
async function answer({ with: inputs, config = 'version: 1\n', env = {}, change = {} }: Given) {
  const folder = checkout(config);
  const outputs: Record<string, string> = {};
  const reports: unknown[] = [];
  const step = {
    inputs: readInputs((name) => inputs[name] ?? ''),
    outputs: { set: (name: string, value: string) => void (outputs[name] = value) },
    log: { info: () => undefined, debug: () => undefined, group: () => undefined },
    annotate: () => undefined,
    summary: { add: () => undefined },
    report: async (_name: string, value: unknown) => void reports.push(value),
    job: readJob({
      GITHUB_SHA: sha,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_REPOSITORY: 'octo/app',
      GITHUB_WORKSPACE: folder,
      ...env,
    }),
    ...change,
  } as unknown as Step;
  const fault: unknown = await phase(step).catch((thrown: unknown) => thrown);
  if (fault === undefined || fault instanceof UserError) return { outputs, fault, reports, error: undefined };
  const error = await Promise.resolve(safeAnswer(step, fault)).catch((thrown: unknown) => thrown);
  return { outputs, fault, reports, error };
}

const config = (more: string) => `version: 1\npools:\n  own: { runs-on: [self-hosted, linux] }\n${more}`;
/** A reader of inputs without the YAML parser, as in a copy of the action that lacks a file. */
function withoutYaml(inputs: Record<string, string>): Partial<Step> {
  const structured = () => Promise.reject(new Error('Cannot find module'));
  return { inputs: { ...readInputs((name) => inputs[name] ?? ''), structured } };
}

/** A log that breaks the reader of the configuration, which writes debug messages. */
const brokenLog: Step['log'] = {
  debug: () => {
    throw new Error('broken');
  },
  info: () => undefined,
  group: () => undefined,
};

describe('safeAnswer', () => {
  it('keeps the fallback of the configuration when the decision breaks', async () => {
    const labels = await answer({ with: {}, config: config('fallback: [self-hosted, spare]\n') });
    expect(labels.fault).toBeInstanceOf(TypeError);
    expect(labels.error).toBeUndefined();
    expect(labels.outputs).toMatchObject({
      decision: 'run',
      'runs-on': '["self-hosted","spare"]',
      reason: 'error',
    });
    expect(labels.reports).toHaveLength(1);
    const fail = await answer({ with: {}, config: config('fallback: fail\n') });
    expect(fail.outputs).toMatchObject({ decision: 'fail', 'runs-on': '""' });
    expect(fail.error).toBeInstanceOf(UserError);
  });

  it('fails with on-error: fail, and says so in the outputs', async () => {
    const { outputs, error } = await answer({ with: { labels: 'own', 'on-error': 'fail' } });
    expect(outputs['decision']).toBe('fail');
    expect(error).toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^The decision failed: /),
    });
  });

  it('does not read the inputs again when reading them failed, and keeps the values that need no parser', async () => {
    const inputs = { labels: 'own', fallback: 'own, spare', jobs: '[{"name": "a"}, {"name": "b"}]' };
    const { outputs, error } = await answer({ with: inputs, change: withoutYaml(inputs) });
    expect(error).toBeUndefined();
    expect(outputs).toMatchObject({ decision: 'run', 'runs-on': '["own","spare"]', reason: 'error' });
    const { include } = JSON.parse(outputs['matrix'] ?? '') as { include: object[] };
    expect(include).toMatchObject([{ name: 'a', 'runs-on': ['own', 'spare'] }, { name: 'b' }]);
  });

  it('fails when the jobs cannot be read, because there is no matrix for them', async () => {
    const inputs = { labels: 'own', jobs: 'os: [a, b]' };
    const { outputs, error } = await answer({ with: inputs, change: withoutYaml(inputs) });
    expect(outputs).toMatchObject({ decision: 'fail', matrix: '{"include":[]}' });
    expect(error).toBeInstanceOf(UserError);
  });

  it('answers with the fallback of the input when reading the configuration failed', async () => {
    const { outputs, fault, error } = await answer({
      with: { fallback: 'backup' },
      change: { log: brokenLog },
    });
    expect(fault).toMatchObject({ message: 'broken' });
    expect([outputs['runs-on'], outputs['decision'], error]).toEqual(['"backup"', 'run', undefined]);
  });

  it('fails without a fallback on a server that has no hosted runners', async () => {
    const { outputs } = await answer({
      with: {},
      env: { GITHUB_SERVER_URL: 'https://ghe.example' },
      change: { log: brokenLog },
    });
    expect(outputs).toMatchObject({ decision: 'fail', 'runs-on': '""' });
  });
});

describe('phase', () => {
  const hosted = 'version: 1\npools:\n  hosted: { runs-on: ubuntu-24.04, kind: hosted }\nfallback: spare\n';
  const deadline = { signal: AbortSignal.timeout(60_000), remaining: () => 1, limit: () => deadline };

  it('keeps its decision when the report breaks', async () => {
    const report = () => Promise.reject(new Error('broken'));
    const { outputs, fault, error } = await answer({
      with: {},
      config: hosted,
      change: { deadline, report },
    });
    expect(fault).toMatchObject({ message: 'broken' });
    expect([outputs['runs-on'], error]).toEqual(['"ubuntu-24.04"', undefined]);
  });

  it('names the server when its address is not a URL', async () => {
    const env = { GITHUB_SERVER_URL: 'ghe' };
    const { fault } = await answer({ with: { labels: 'own' }, env, change: { deadline } });
    expect(fault).toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/and ghe has no hosted/),
    });
  });
});
