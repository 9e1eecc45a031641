// Compares the expression for trusted runs in the workflows with assessTrust, event by event.
import { basename } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { assessTrust, deploymentEvents, writeAccessEvents, pullRequestEvents } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';
import { readTemplates } from '../release/workflows.ts';

const repository = 'octo/app';
const name = 'RUNNER_ACTIONS_OWN_CODE';

interface Workflow {
  env?: Record<string, string>;
  jobs: Record<string, { steps?: { if?: string; env?: object; with?: object }[] }>;
}

const workflows = readTemplates(root)
  .filter(({ text }) => text.includes('secrets.'))
  .map(({ path, text }) => [basename(path), parse(text) as Workflow] as const);

function expressionIn({ env = {} }: Workflow): string {
  return /^\$\{\{(.*)\}\}$/s.exec(env[name] ?? '')?.[1] ?? '';
}

/** Evaluates an expression as the runner does. */
function evaluate(expression: string, github: object): string {
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, ['github'], []).parse();
  const context = JSON.parse(JSON.stringify({ github }), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, context).evaluate().coerceString();
}

const pull = (change: object = {}, head: object | null = { full_name: repository }) => ({
  pull_request: { head: { repo: head }, user: { login: 'someone' }, author_association: 'MEMBER', ...change },
});
const dependabot = { login: 'dependabot[bot]' };
const caused = (change: object) => ({
  workflow_run: {
    ...{ event: 'push', actor: { login: 'someone' }, triggering_actor: { login: 'someone' } },
    ...{ head_repository: { full_name: repository }, head_branch: 'main', ...change },
  },
});
/**
 * All events on GitHub's page "Events that trigger workflows", events of GitHub's own runs, and one that does not exist
 * yet.
 */
const events = [
  ...[
    ...writeAccessEvents,
    ...deploymentEvents,
    ...pullRequestEvents,
    'workflow_run',
    'workflow_call',
    'dynamic',
  ],
  ...['branch_protection_rule', 'check_run', 'check_suite', 'discussion', 'discussion_comment', 'fork'],
  ...['gollum', 'image_version', 'issue_comment', 'issues', 'label', 'milestone', 'project', 'project_card'],
  ...['project_column', 'public', 'status', 'watch', 'pull_request_comment', 'something_new', ''],
];
const payloads: [string, object][] = [
  ['nothing', {}],
  ['a pull request of the repository', pull()],
  ['a pull request of the repository in other case', pull({}, { full_name: 'Octo/App' })],
  ['a pull request from a fork', pull({}, { full_name: 'outsider/app' })],
  ['a pull request from a deleted repository', pull({}, null)],
  ['a pull request of Dependabot', pull({ user: dependabot })],
  ['a comment', { issue: { number: 5, pull_request: {} }, comment: { author_association: 'MEMBER' } }],
  ...events.map((event): [string, object] => [`a run for ${event || 'nothing'}`, caused({ event })]),
  ['a run for a fork', caused({ head_repository: { full_name: 'outsider/app' } })],
  ['a run for a deleted repository', caused({ head_repository: null })],
  ['a run of Dependabot', caused({ event: 'pull_request', actor: dependabot })],
  ['a run that Dependabot started again', caused({ event: 'pull_request', triggering_actor: dependabot })],
  ['a run for a branch of Dependabot', caused({ event: 'pull_request', head_branch: 'Dependabot/npm/x' })],
  ['a run without an actor', caused({ actor: null })],
];

describe('the expression for trusted runs in the workflows', () => {
  const stated = expressionIn(new Map(workflows).get('hybrid-job.yml') ?? { jobs: {} });

  it.each(events)('trusts the same "%s" events as assessTrust', (eventName) => {
    for (const [what, payload] of payloads)
      for (const ref of ['refs/heads/main', 'refs/tags/v1', 'refs/pull/7/merge', ''])
        for (const actor of ['someone', 'dependabot[bot]']) {
          const { trusted } = assessTrust({ eventName, payload, repository, ref, actor, allowed: [] });
          const github = { event_name: eventName, event: payload, repository, ref, actor };
          const own = evaluate(stated, github) === 'true';
          expect([what, ref, actor, own]).toEqual([what, ref, actor, trusted]);
        }
  });

  it.each(workflows)(
    '%s has the same expression, and passes secrets to a step only if it is true',
    (file, workflow) => {
      const jobs = Object.values(workflow.jobs);
      const steps = jobs.flatMap((job) => job.steps ?? []);
      // This workflow checks out no code, so its steps cannot leak a secret.
      if (file === 'rescue-queued-jobs.yml')
        return expect(JSON.stringify(steps)).not.toContain('actions/checkout');
      // This one passes its token to the others only, which decide.
      if (file === 'live-check-workflows.yml') return expect(JSON.stringify(steps)).not.toContain('secrets.');
      expect(expressionIn(workflow)).toBe(stated);
      // Code of the repository can change the variables of a job, but not the outputs of its first step.
      const prepared = "steps.prepare.outputs.own-code == 'true' && secrets.";
      for (const { steps: own = [] } of jobs)
        if (JSON.stringify(own).includes(prepared))
          expect(own[0]).toMatchObject({
            id: 'prepare',
            run: expect.stringContaining(`own-code=%s`) as string,
          });
      for (const { if: condition = '', ...step } of steps) {
        const given = Object.values({ ...step.env, ...step.with }).filter((value) =>
          /secrets\./.test(String(value)),
        );
        // The steps of the App run only if the step before them received the key.
        const isGuarded = condition.includes('steps.app.outputs.kind');
        for (const value of given)
          if (!isGuarded && !String(value).includes(prepared))
            expect(value).toContain(`env.${name} == 'true' && secrets.`);
      }
      return undefined;
    },
  );
});
