import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../try/event.ts';
import { maskOf } from '../../try/mask.ts';
import { ownerAndName } from '../../try/folder.ts';
import { parseOptions } from '../../try/options.ts';
import { UsageError, WorkflowError } from '../../try/usage-error.ts';
import {
  checkJob,
  chooseEvent,
  chooseWorkflow,
  jobsToRun,
  namesIn,
  parseWorkflow,
} from '../../try/workflow.ts';

const jobs =
  'jobs: { a: { runs-on: x }, b: { needs: a, runs-on: x }, c: { needs: [b], runs-on: x }, d: { runs-on: x } }';
const workflow = (on: string) => parseWorkflow(`on: ${on}\n${jobs}`, '.github/workflows/ci.yml');

describe('the workflow to try', () => {
  it('is the only one of the repository', () => {
    expect(chooseWorkflow(['ci.yml'], undefined, '/app')).toBe('ci.yml');
  });

  it('is the only one that an event can trigger', () => {
    expect(chooseWorkflow(['ci.yml', 'called.yml'], undefined, '/app', ['ci.yml'])).toBe('ci.yml');
    expect(chooseWorkflow(['ci.yml', 'called.yml'], 'called', '/app', ['ci.yml'])).toBe('called.yml');
  });

  it('must be named if there are several, which are listed', () => {
    expect(() => chooseWorkflow(['a.yml', 'b.yaml'], undefined, '/app')).toThrow(
      '/app has 2 workflows. Choose one with --workflow NAME:\n  a.yml\n  b.yaml',
    );
  });

  it.each(['b.yaml', 'b', '.github/workflows/b.yaml'])('can be named as %s', (name) => {
    expect(chooseWorkflow(['a.yml', 'b.yaml'], name, '/app')).toBe('b.yaml');
  });

  it('must exist', () => {
    expect(() => chooseWorkflow(['a.yml'], 'c', '/app')).toThrow(
      'there is no such workflow. There are:\n  a.yml',
    );
    expect(() => chooseWorkflow([], undefined, '/app')).toThrow('/app has no workflow');
  });

  it('is rejected with the line if it is not YAML, or has no jobs', () => {
    expect(() => parseWorkflow('on: push\njobs: [', 'ci.yml')).toThrow(WorkflowError);
    expect(() => parseWorkflow('on: push\njobs: [', 'ci.yml')).toThrow(/^ci\.yml:2:/);
    expect(() => parseWorkflow('on: push', 'ci.yml')).toThrow("ci.yml: 'jobs' is missing or empty");
  });
});

describe('the event', () => {
  it.each([
    ['push', 'push'],
    ['[pull_request, push]', 'push'],
    ['{ schedule: [], workflow_dispatch: {} }', 'schedule'],
  ])('is push, or else the first one, for on: %s', (on, event) => {
    expect(chooseEvent(workflow(on), undefined)).toBe(event);
  });

  it('must trigger the workflow', () => {
    expect(() => chooseEvent(workflow('[push, schedule]'), 'release')).toThrow(
      '.github/workflows/ci.yml does not run on the event release. It runs on: push, schedule.',
    );
  });

  it('is missing if only other workflows call this one', () => {
    expect(() => chooseEvent(workflow('workflow_call'), undefined)).toThrow(
      'only runs when another workflow calls it',
    );
  });
});

describe('the jobs to run', () => {
  it('are all, or the chosen one with those that it needs', () => {
    expect(jobsToRun(workflow('push'), undefined)).toEqual(['a', 'b', 'c', 'd']);
    expect(jobsToRun(workflow('push'), 'c')).toEqual(['a', 'b', 'c']);
  });

  it('must exist', () => {
    expect(() => checkJob(workflow('push'), 'e')).toThrow(UsageError);
    expect(() => checkJob(workflow('push'), 'e')).toThrow('It has: a, b, c, d.');
  });
});

describe('the payload of the event', () => {
  const facts = { repository: 'acme/shop', owner: 'organization', branch: 'topic', sha: 'abc' } as const;

  it('names the repository and the branch', () => {
    expect(payloadOf(workflow('push'), 'push', {}, facts)).toMatchObject({
      ref: 'refs/heads/topic',
      repository: { full_name: 'acme/shop', owner: { login: 'acme', type: 'Organization' } },
    });
  });

  it('describes a pull request of the repository itself', () => {
    expect(payloadOf(workflow('pull_request'), 'pull_request', {}, facts)['pull_request']).toMatchObject({
      head: { ref: 'topic', repo: { full_name: 'acme/shop' } },
    });
  });

  it('takes changes from the world', () => {
    expect(payloadOf(workflow('push'), 'push', { ref: 'refs/tags/v1' }, facts)['ref']).toBe('refs/tags/v1');
  });

  it('has the defaults of the inputs of workflow_dispatch, and requires those that must be given', () => {
    const inputs = '{ workflow_dispatch: { inputs: { level: { default: low }, name: { required: true } } } }';
    const dispatched = workflow(inputs);
    const given = { inputs: { name: 'x' } };
    expect(payloadOf(dispatched, 'workflow_dispatch', given, facts)['inputs']).toEqual({
      level: 'low',
      name: 'x',
    });
    expect(() => payloadOf(dispatched, 'workflow_dispatch', {}, facts)).toThrow("requires the input 'name'");
  });
});

describe('names of secrets', () => {
  it('are found once each, without the token that GitHub provides', () => {
    expect(
      namesIn('${{ secrets.B }} ${{ secrets.a }} ${{ secrets.B }} ${{ secrets.GITHUB_TOKEN }}', 'secrets'),
    ).toEqual(['A', 'B']);
  });
});

describe('maskOf', () => {
  it('masks each secret, each line of it, and a secret that contains another one', () => {
    const mask = maskOf({ A: 'hush', B: 'hush-hush', KEY: 'line one\nline two', EMPTY: '' });
    expect(mask('hush-hush, hush; line two!')).toBe('***, ***; ***!');
  });
});

describe('ownerAndName', () => {
  it.each([
    ['git@github.com:acme/shop.git', 'acme/shop'],
    ['https://github.com/acme/shop', 'acme/shop'],
    ['ssh://git@ghe.example.com/acme/shop.git', 'acme/shop'],
    ['/srv/git/shop.git', undefined],
    ['https://example.com/group/part/shop', undefined],
    ['', undefined],
  ])('reads the address %s', (remote, name) => {
    expect(ownerAndName(remote)).toBe(name);
  });
});

describe('parseOptions', () => {
  it('needs one folder', () => {
    expect(parseOptions(['../app', '--job', 'a'])).toMatchObject({
      folder: '../app',
      job: 'a',
      printWorld: false,
    });
    expect(() => parseOptions([])).toThrow('Name the folder of your repository.');
    expect(() => parseOptions(['a', 'b'])).toThrow('Name one folder, not two: a, b.');
  });

  it('shows the usage for an option that does not exist', () => {
    expect(() => parseOptions(['a', '--wrld', 'x'])).toThrow(/--wrld[^]*--world FILE/);
  });
});
