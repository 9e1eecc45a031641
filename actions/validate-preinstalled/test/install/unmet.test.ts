import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Requirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import { exportPaths } from '../../src/install/new-paths-io.ts';
import type { Act, Plan } from '../../src/install/plan.ts';
import { installLimit } from '../../src/install/plan-or-install.ts';
import { explainUnmet } from '../../src/install/unmet.ts';
import { installRemedy } from '../../src/machine-facts/packages/install-command.ts';
import type { Result } from '../../src/results.ts';
import { jobWith } from '../kinds/check-kind.ts';

const act = (name: string): Act => ({ ...installRemedy('npm', [name]), meets: [`package ${name}`] });
const plan: Plan = { rounds: [[act('a'), act('b')], [act('c')]], left: [] };
const result = (name: string, status: Result['status']): Result => ({
  requirement: { kind: 'package', name } as unknown as Requirement,
  ...{ status, found: 'nothing', wanted: 'it' },
});

describe('what is still not met after an installation', () => {
  const ran = (name: string, problem?: string) => ({ act: act(name), problem });

  it('keeps its status, and says what its own command came to', () => {
    const done = [ran('a'), ran('b', 'no network')];
    const explained = explainUnmet([result('a', 'warn'), result('b', 'fail'), result('c', 'fail')], {
      ...{ plan, done },
    });
    expect(explained.map(({ status, found }) => [status, found])).toEqual([
      ['warn', 'installed but not usable: nothing'],
      ['fail', 'nothing; its installation failed: no network'],
      ['fail', 'nothing; its installation was not begun: a command before it failed'],
    ]);
  });

  it('says that nothing changed, with the last line of the manager if there is one', () => {
    const before = [result('a', 'fail'), { ...result('b', 'fail'), found: 'other' }, result('c', 'fail')];
    const after = before.map((one, index) => (index === 1 ? { ...one, found: 'nothing' } : one));
    const done = [{ ...ran('a'), lastLine: 'up to date' }, ran('b'), ran('c')];
    expect(explainUnmet(after, { plan, done, before }).map(({ found }) => found)).toEqual([
      'nothing; its installation changed nothing; the last line of npm is: up to date',
      'installed but not usable: nothing',
      'nothing; its installation changed nothing',
    ]);
  });

  it('names what stopped the whole plan, and what kept a folder off PATH', () => {
    const [stopped] = explainUnmet([result('a', 'fail')], { plan, done: [], problem: 'a full disk' });
    expect(stopped?.found).toBe('nothing; its installation was not begun: a full disk');
    const [off] = explainUnmet([result('a', 'fail')], { plan, done: [ran('a')], pathProblem: 'no PATH' });
    expect(off?.found).toBe('installed but not usable: nothing; no PATH');
  });

  it('leaves what is met, and what no command was to meet, as it is', () => {
    const results = [result('a', 'pass'), result('other', 'fail')];
    expect(explainUnmet(results, { plan, done: [] })).toEqual(results);
  });
});

describe('the time of an installation', () => {
  it.each([
    ['is that of the input while there is enough', 600_000, 60_000, 3_600_000, 600_000],
    ['leaves time for the check after it', 7_200_000, 60_000, 3_600_000, 3_480_000],
    ['leaves at most six minutes', 7_200_000, 3_600_000, 3_600_000, 3_240_000],
    ['is never below zero', 7_200_000, 60_000, 1_000, 0],
  ])('%s', (_, installTimeout, timeout, left, limit) => {
    expect(installLimit({ installTimeout, timeout }, left)).toBe(limit);
  });
});

describe('folders for PATH', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'paths-'));

  it('are appended for the steps after this one', async () => {
    const file = join(folder(), 'path');
    writeFileSync(file, '/before\n');
    const { job, problem } = await exportPaths(jobWith({ GITHUB_PATH: file, PATH: '/bin' }), ['/new']);
    expect([job.environment['PATH'], problem, readFileSync(file, 'utf8')]).toEqual([
      ...[['/new', '/bin'].join(delimiter), undefined, '/before\n/new\n'],
    ]);
  });

  it('are not on PATH of this step either if the file is missing, or a folder', async () => {
    const place = folder();
    mkdirSync(join(place, 'folder'));
    for (const name of ['missing', 'folder']) {
      const given = jobWith({ GITHUB_PATH: join(place, name), PATH: '/bin' });
      const { job, problem } = await exportPaths(given, ['/new']);
      expect([job, problem]).toEqual([given, expect.stringContaining('/new could not be added to PATH')]);
    }
  });
});
